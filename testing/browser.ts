import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/**
 * How Chromium draws: `gl` WebGL by an emulated GPU, `software` without a GPU (WebGL by its fallback), `plain` without
 * WebGL, `machine` as this machine has it.
 */
export type Drawing = 'gl' | 'software' | 'plain' | 'machine';

const DRAWING: Readonly<Record<Drawing, readonly string[]>> = {
  gl: ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  software: ['--enable-unsafe-swiftshader'],
  plain: ['--disable-gpu', '--disable-3d-apis'],
  machine: [],
};

/** Without windows, which costs a third where there is nobody to look; else the whole browser. */
const PROGRAMS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'] as const;

/** Starts Chromium (`CHROMIUM` names its program), which calls nobody on its own. */
export function launchChromium({
  drawing = 'gl',
  args = [],
}: { drawing?: Drawing; args?: readonly string[] } = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? PROGRAMS.find((program) => existsSync(program)) ?? PROGRAMS[0],
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...DRAWING[drawing],
      ...args,
    ],
  });
}

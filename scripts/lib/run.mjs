import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { dirname, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Obstacle } from './say.mjs';

/** The folder of package.json. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The first executable of that name on the PATH. */
export function findProgram(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder === '') continue;
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not here: look on.
    }
  }
  return undefined;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Run a program and keep what it prints, for the one who has to explain a failure.
 * @param {string} command
 * @param {string[]} args
 * @param {{ progress?: { last: string }, env?: Record<string, string>, cwd?: string }} [options]
 * @returns {Promise<{ code: number, output: string }>} `code` 127 when there is no such program
 * @throws {Obstacle} when this script is told to stop meanwhile; the program is, too
 */
export function capture(command, args, { progress = { last: '' }, env = {}, cwd = ROOT } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let stopped;
    const stop = (signal) => {
      stopped = signal;
      child.kill(signal);
    };
    for (const signal of SIGNALS) process.on(signal, stop);
    const hear = (text) => {
      output = (output + text).slice(-200_000);
      const line = text.trim().split('\n').at(-1)?.trim();
      if (line) progress.last = line;
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    child.once('error', (error) => {
      resolve({ code: 127, output: error.message });
    });
    child.once('close', (code) => {
      for (const signal of SIGNALS) process.off(signal, stop);
      if (stopped) reject(new Obstacle(`Stopped by ${stopped}.`));
      else resolve({ code: code ?? 1, output });
    });
  });
}

/** The last lines of a program's output, indented, for an explanation. */
export function ending(output, lines = 25) {
  return output
    .trim()
    .split('\n')
    .slice(-lines)
    .map((line) => `    ${line}`)
    .join('\n');
}

/**
 * Run a program in this one's place: same terminal, signals passed on. Where `rewrite` is given, its standard
 * output goes through that line by line; with `oneStream`, standard error goes the way of standard output.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string | undefined>, rewrite?: ((line: string) => string) | undefined, oneStream?: boolean }} [options]
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null }>} how it ended
 */
export function inPlace(command, args, { env = {}, rewrite, oneStream = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['inherit', rewrite ? 'pipe' : 'inherit', oneStream ? 1 : 'inherit'],
    });
    const forward = (signal) => {
      child.kill(signal);
    };
    for (const signal of SIGNALS) process.on(signal, forward);
    // npm passes signals on, but cannot when it is killed; what it started must not go on without it.
    const parent = process.ppid;
    const watch = setInterval(() => {
      if (process.env.npm_lifecycle_event && process.ppid !== parent) forward('SIGTERM');
    }, 1_000);
    watch.unref();
    if (rewrite) {
      let rest = '';
      child.stdout
        ?.setEncoding('utf8')
        .on('data', (text) => {
          const lines = (rest + text).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) process.stdout.write(`${rewrite(line)}\n`);
        })
        .on('end', () => {
          if (rest) process.stdout.write(rest);
        });
    }
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearInterval(watch);
      for (const name of SIGNALS) process.off(name, forward);
      resolve({ code, signal });
    });
  });
}

/** End as the program did that ran in this one's place. */
export function endLike({ code, signal }) {
  if (signal) process.kill(process.pid, signal);
  else process.exitCode = code ?? 1;
}

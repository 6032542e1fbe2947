import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { capture, ending, findProgram } from './run.mjs';
import { Obstacle, say, step } from './say.mjs';

/** What has to come from the system rather than from npm: Redis, and for the tests a browser, fonts, LibreOffice and proxies. */

const MIN_REDIS = 7;

/** @returns {Promise<string | undefined>} what is wrong with the Redis on the PATH, or undefined */
async function redisMissing() {
  const found = [];
  for (const name of ['redis-server', 'valkey-server']) {
    if (!findProgram(name)) continue;
    const { output } = await capture(name, ['--version']);
    const version = /\bv=(\d+)\.[\d.]+/.exec(output);
    if (version && Number(version[1]) >= MIN_REDIS) return undefined;
    found.push(`${name} is ${version ? version[0].slice(2) : 'of an unknown version'}`);
  }
  return found.length > 0 ? `${found.join(' and ')}, and ${MIN_REDIS} or later is needed` : 'redis-server is missing';
}

/** Chromium without windows: a page of it costs the tests a third of what one of the whole browser does. Debian has a package of it. */
const SHELL = 'chromium-headless-shell';

/** @returns {string | undefined} the browser for the tests: CHROMIUM, or the first that is on the PATH */
export function findBrowser() {
  const given = process.env.CHROMIUM;
  if (given) {
    if (!existsSync(given))
      throw new Obstacle(
        `CHROMIUM is "${given}", but there is no such file. Name the program of Chromium or Chrome, or leave it out.`,
      );
    return given;
  }
  return [SHELL, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
    .map(findProgram)
    .find(Boolean);
}

function hasFile(folder, pattern) {
  try {
    return readdirSync(folder, { recursive: true }).some((name) => pattern.test(String(name)));
  } catch {
    return false;
  }
}

async function fontsMissing() {
  if (process.platform !== 'linux') return false;
  if (findProgram('fc-list')) return (await capture('fc-list', [':lang=zh-cn', 'family'])).output.trim() === '';
  return !hasFile('/usr/share/fonts', /CJK/i);
}

/** How each thing is called where it is installed from. */
const NAMES = {
  redis: { apt: ['redis-server'], dnf: ['valkey'], apk: ['redis'], pacman: ['valkey'], brew: ['redis'] },
  browser: { apt: ['chromium'], dnf: ['chromium'], apk: ['chromium'], pacman: ['chromium'], brew: ['--cask chromium'] },
  shell: { apt: [SHELL] },
  fonts: {
    apt: ['fonts-noto-cjk'],
    dnf: ['google-noto-sans-cjk-fonts'],
    apk: ['font-noto-cjk'],
    pacman: ['noto-fonts-cjk'],
    brew: ['font-noto-sans-cjk'],
  },
  openssl: { apt: ['openssl'], dnf: ['openssl'], apk: ['openssl'], pacman: ['openssl'], brew: ['openssl'] },
  office: {
    apt: ['libreoffice-calc-nogui', 'libreoffice-writer-nogui'],
    dnf: ['libreoffice-calc', 'libreoffice-writer'],
    apk: ['libreoffice-calc', 'libreoffice-writer'],
    pacman: ['libreoffice-still'],
    brew: ['--cask libreoffice'],
  },
  // Turns the pages of a PDF into pictures.
  poppler: {
    apt: ['poppler-utils'],
    dnf: ['poppler-utils'],
    apk: ['poppler-utils'],
    pacman: ['poppler'],
    brew: ['poppler'],
  },
  nginx: { apt: ['nginx-light'], dnf: ['nginx'], apk: ['nginx'], pacman: ['nginx'], brew: ['nginx'] },
  haproxy: { apt: ['haproxy'], dnf: ['haproxy'], apk: ['haproxy'], pacman: ['haproxy'], brew: ['haproxy'] },
};

/** What LibreOffice Writer is on Debian: its command is in no package without a desktop. */
const WRITER = '/usr/lib/libreoffice/program/libswlo.so';

const isRoot = () => process.getuid?.() === 0;

/** Whether apt's sources, as they were last read, have the browser without windows. */
const aptHasShell = async () => (await capture('apt-cache', ['show', SHELL])).code === 0;

/** What apt installs for `things`. */
async function aptPackages(things) {
  const shell = things.includes('browser') && (await aptHasShell());
  return things.flatMap((thing) => (thing === 'browser' && shell ? [SHELL] : NAMES[thing].apt));
}

/** The one line that installs `things` on this system. */
async function installLine(things) {
  const sudo = isRoot() ? '' : 'sudo ';
  const names = (manager) => things.flatMap((thing) => NAMES[thing][manager]).join(' ');
  if (findProgram('apt-get')) {
    // Debian starts its Redis at once and at each boot; ours is private, so nobody needs that one.
    const quiet =
      things.includes('redis') && existsSync('/run/systemd/system')
        ? ` && ${sudo}systemctl disable --now redis-server`
        : '';
    return `${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends ${(await aptPackages(things)).join(' ')}${quiet}`;
  }
  if (findProgram('dnf')) return `${sudo}dnf install -y ${names('dnf')}`;
  if (findProgram('apk')) return `${sudo}apk add ${names('apk')}`;
  if (findProgram('pacman')) return `${sudo}pacman -S --needed ${names('pacman')}`;
  if (findProgram('brew')) return `brew install ${names('brew')}`;
  return undefined;
}

const POLICY = '/usr/sbin/policy-rc.d';

/** Have Debian install packages without starting the services in them. */
async function withoutServices(work) {
  const ours = !existsSync(POLICY);
  if (ours) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return await work();
  } finally {
    if (ours) rmSync(POLICY, { force: true });
  }
}

function explainApt(output) {
  if (
    /Could not resolve|Temporary failure|Connection (failed|timed out|refused)|Unable to connect|Network is unreachable/.test(
      output,
    )
  ) {
    return 'apt cannot reach its mirror. Check the network or the proxy (/etc/apt/apt.conf.d).';
  }
  if (/Unable to locate package|has no installation candidate/.test(output))
    return 'This system has no such package in its sources (/etc/apt/sources.list).';
  if (/No space left on device|not have enough free space/.test(output)) return 'The disk is full.';
  return 'apt-get failed.';
}

async function aptInstall(things) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const wait = ['-o', 'DPkg::Lock::Timeout=300'];
  await step(`Installing ${things.flatMap((thing) => NAMES[thing].apt).join(', ')} (apt-get)`, async (progress) => {
    const update = await capture('apt-get', [...wait, 'update'], { progress, env });
    const packages = await aptPackages(things);
    const install = await withoutServices(() =>
      capture('apt-get', [...wait, 'install', '-y', '--no-install-recommends', ...packages], { progress, env }),
    );
    if (install.code !== 0) {
      const output = update.code === 0 ? install.output : update.output + install.output;
      throw new Obstacle(`${ending(output)}\n\n${explainApt(output)}`);
    }
    if (packages.includes('redis-server') && existsSync('/run/systemd/system')) {
      await capture('systemctl', ['disable', '--now', 'redis-server']);
    }
  });
}

/** Installs the browser without windows where only another is found: that one does, too, and takes longer. */
async function preferShell() {
  if (process.env.CHROMIUM || findProgram(SHELL) || !findBrowser() || !isDebian() || !isRoot()) return;
  // Sources that were read and do not have it will not have it the next time either.
  if (!(await aptHasShell()) && hasFile('/var/lib/apt/lists', /_Packages/)) return;
  try {
    await aptInstall(['shell']);
  } catch (error) {
    if (!(error instanceof Obstacle)) throw error;
    say(`  ${findBrowser()} takes its place; the tests take longer with it.`);
  }
}

async function missing(things) {
  const found = [];
  if (things.includes('redis')) {
    const why = await redisMissing();
    if (why) found.push(['redis', why]);
  }
  if (things.includes('browser') && !findBrowser()) found.push(['browser', 'Chromium is missing']);
  if (things.includes('fonts') && (await fontsMissing()))
    found.push(['fonts', 'there is no font with Chinese characters']);
  for (const [thing, program] of [
    ['openssl', 'openssl'],
    ['office', 'soffice'],
    ['poppler', 'pdftoppm'],
    ['nginx', 'nginx'],
    ['haproxy', 'haproxy'],
  ]) {
    if (things.includes(thing) && !findProgram(program)) found.push([thing, `${program} is missing`]);
  }
  // Debian has a package for each program of it: a machine may have the one for tables alone.
  if (things.includes('office') && isDebian() && !found.some(([thing]) => thing === 'office') && !existsSync(WRITER))
    found.push(['office', 'LibreOffice Writer is missing']);
  return found;
}

function isDebian() {
  try {
    return (
      /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8')) && findProgram('apt-get') !== undefined
    );
  } catch {
    return false;
  }
}

/**
 * Make sure that the system has `things` (keys of NAMES): install what is missing where
 * that can be done (Debian, as root), else say the line that does it.
 * @throws {Obstacle}
 */
export async function ensureSystem(...things) {
  if (things.includes('browser')) await preferShell();
  const before = await missing(things);
  if (before.length === 0) return;
  if (isDebian() && isRoot()) await aptInstall(before.map(([thing]) => thing));
  const still = isDebian() && isRoot() ? await missing(things) : before;
  if (still.length === 0) return;
  const what = still.map(([, why]) => why).join('; ');
  const names = still.map(([thing]) => thing);
  const elsewhere = names.includes('redis')
    ? '\nOr set REDIS_URL to a Redis, version 7 or later, that runs elsewhere.'
    : '';
  if (before !== still)
    throw new Obstacle(`Installed, but still: ${what}. This system's packages are too old.${elsewhere}`);
  const line = await installLine(names);
  throw new Obstacle(
    `${what.slice(0, 1).toUpperCase()}${what.slice(1)}. ${line ? `This installs what is missing:\n\n    ${line}\n` : 'Install what is missing and try again.'}${elsewhere}`,
  );
}

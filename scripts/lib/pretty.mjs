/** The server's log for people: at a terminal, its JSON lines become plain ones. */

const LEVELS = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
const COLOURS = { warn: '\u001b[33m', error: '\u001b[31m', fatal: '\u001b[31m' };
const HIDDEN = new Set(['level', 'time', 'pid', 'hostname', 'msg', 'err', 'error', 'v']);

const two = (n) => String(n).padStart(2, '0');
const show = (value) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** One line of the log; a line that is none of it stays as it is. */
export function pretty(line, colours = true) {
  if (!line.startsWith('{')) return line;
  let entry;
  try {
    entry = JSON.parse(line);
  } catch {
    return line;
  }
  if (typeof entry !== 'object' || entry === null || !(entry.level in LEVELS)) return line;
  const level = LEVELS[entry.level];
  const time = new Date(entry.time);
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  const fields = Object.entries(entry)
    .filter(([name]) => !HIDDEN.has(name))
    .map(([name, value]) => ` ${name}=${show(value)}`)
    .join('');
  const fault = entry.err ?? entry.error;
  const stack = fault?.stack ? `\n${fault.stack}` : fault ? ` ${show(fault)}` : '';
  const colour = colours ? COLOURS[level] : undefined;
  const text = `${clock} ${level.padEnd(5)} ${entry.msg ?? ''}${fields}${stack}`;
  return colour ? `${colour}${text}\u001b[0m` : text;
}

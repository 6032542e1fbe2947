/** A command of Redis that writes, as it lies in an archive: in RESP, the protocol of Redis itself. */
export type Command = readonly (Buffer | string)[];

/** All that an archive may have Redis do. */
const ALLOWED: ReadonlySet<string> = new Set(['SET', 'HSET', 'ZADD', 'SADD', 'RPUSH', 'XADD', 'XDEL', 'PEXPIREAT']);

export function encodeCommand(command: Command): Buffer {
  const parts: Buffer[] = [Buffer.from(`*${command.length}\r\n`)];
  for (const part of command) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    parts.push(Buffer.from(`$${bytes.length}\r\n`), bytes, CRLF);
  }
  return Buffer.concat(parts);
}

const CRLF = Buffer.from('\r\n');

/** The commands of a piece of an archive. @throws if it is damaged, or holds a command that no backup makes */
export function* decodeCommands(bytes: Buffer): Iterable<Buffer[]> {
  let at = 0;
  const number = (sign: string): number => {
    const end = bytes.indexOf(CRLF, at);
    const text = end === -1 ? '' : bytes.toString('latin1', at, end);
    if (!text.startsWith(sign) || !/^\d{1,10}$/.test(text.slice(1))) throw new Error('the copy of Redis is damaged');
    at = end + 2;
    return Number(text.slice(1));
  };
  while (at < bytes.length) {
    const parts: Buffer[] = [];
    for (let left = number('*'); left > 0; left--) {
      const length = number('$');
      if (at + length + 2 > bytes.length) throw new Error('the copy of Redis is damaged');
      parts.push(bytes.subarray(at, at + length));
      at += length + 2;
    }
    const name = parts[0]?.toString('latin1') ?? '';
    if (!ALLOWED.has(name) || parts.length < 3)
      throw new Error(`the copy of Redis holds ${JSON.stringify(name.slice(0, 20))}, which no backup writes`);
    yield parts;
  }
}

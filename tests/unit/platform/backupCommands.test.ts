import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCommands, encodeCommand } from '../../../server/platform/backup/commands.ts';

const part = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
const command = fc
  .tuple(fc.constantFrom('SET', 'HSET', 'XADD', 'ZADD'), fc.array(part, { minLength: 2, maxLength: 6 }))
  .map(([name, args]) => [Buffer.from(name), ...args]);

describe('the copy of Redis', () => {
  it('is read back as it was written, whatever bytes are in it', () => {
    fc.assert(
      fc.property(fc.array(command), (commands) => {
        const bytes = Buffer.concat(commands.map(encodeCommand));
        expect([...decodeCommands(bytes)]).toEqual(commands);
      }),
    );
  });

  it('is refused when it was cut off, or would have Redis do anything else', () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 3 }), fc.nat(), (commands, at) => {
        const bytes = Buffer.concat(commands.map(encodeCommand));
        const cut = bytes.subarray(0, 1 + (at % (bytes.length - 1)));
        let whole: Buffer[][] = [];
        try {
          whole = [...decodeCommands(cut)];
        } catch (error) {
          expect((error as Error).message).toContain('damaged');
          return;
        }
        // Cut between two commands: the digests of the archive tell that.
        expect(Buffer.concat(whole.map(encodeCommand))).toEqual(cut);
      }),
    );
    for (const wrong of [['FLUSHALL', 'a', 'b'], ['EVAL', 'return 1', '0'], ['set', 'a', 'b'], ['SET']])
      expect(() => [...decodeCommands(encodeCommand(wrong))]).toThrow('which no backup writes');
  });
});

import { hash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { checkPdf } from '../../../../server/casework/attachments/pdf.ts';
import { inspect } from '../../../../server/casework/attachments/inspect.ts';
import { CAMERA, claimsToBe, docx, docxParts, pdf, photo, png, webp, xlsx, zipOf } from '../../../support/files.ts';

const dir = mkdtempSync(join(tmpdir(), 'inspect-'));
afterAll(() => {
  rmSync(dir, { recursive: true });
});
let n = 0;
function look(content: Buffer) {
  const path = join(dir, String(n++));
  writeFileSync(path, content);
  return inspect({ path, bytes: content.length });
}
const refusal = async (content: Buffer) =>
  look(content).then(
    () => 'taken',
    (error: { extensions?: { rule?: string }; status?: number; message: string }) => {
      if (error.status !== 422) throw error as unknown as Error;
      return error.extensions?.rule;
    },
  );
const pixel = async (content: Buffer, left: number, top: number) => [
  ...(await sharp(content).extract({ left, top, width: 1, height: 1 }).removeAlpha().raw().toBuffer()),
];

describe('what a file is', () => {
  it('is told by its content', async () => {
    expect((await look(await photo())).type).toBe('image/jpeg');
    expect((await look(await png())).type).toBe('image/png');
    expect((await look(await webp())).type).toBe('image/webp');
    expect(await look(pdf())).toEqual({ type: 'application/pdf' });
    expect((await look(docx())).type).toMatch(/wordprocessingml\.document$/);
    expect((await look(xlsx())).type).toMatch(/spreadsheetml\.sheet$/);
  });

  it('that is none of those taken is refused', async () => {
    const html = Buffer.from('<html><script>alert(1)</script></html>');
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>');
    const gif = Buffer.concat([Buffer.from('GIF89a'), randomBytes(60)]);
    const program = Buffer.concat([Buffer.from('MZ'), randomBytes(200)]);
    const old = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), randomBytes(600)]);
    for (const file of [html, svg, gif, program, old, randomBytes(500)]) expect(await refusal(file)).toBe('file-type');
    expect(await refusal(Buffer.alloc(0))).toBe('file-empty');
    expect(await refusal(zipOf([{ name: 'a.exe', content: 'MZ' }]))).toBe('file-type');
    // What only begins like one of them.
    for (const head of ['ffd8ffe0', '89504e470d0a1a0a', '504b0304'])
      expect(await refusal(Buffer.concat([Buffer.from(head, 'hex'), randomBytes(300)]))).toBe('file-damaged');
    expect(await refusal(Buffer.from('%PDF-9.9 hello'))).toBe('file-damaged');
  });
});

describe('a picture', () => {
  it('is kept upright, without what it says of its place and its camera, with a small one beside it', async () => {
    const sent = await photo();
    expect(sent.includes(CAMERA)).toBe(true);
    expect((await sharp(sent).metadata()).orientation).toBe(6);
    const { content, thumbnail } = await look(sent);
    for (const kept of [content!, thumbnail!]) {
      expect(kept.includes(CAMERA)).toBe(false);
      const { exif, xmp, iptc, orientation } = await sharp(kept).metadata();
      expect({ exif, xmp, iptc, orientation }).toEqual({});
    }
    const { width, height } = await sharp(content).metadata();
    expect({ width, height }).toEqual({ width: 400, height: 600 });
    // Turned a quarter: what was left is on top.
    const [[r, , b], [r2, , b2]] = [await pixel(content!, 200, 50), await pixel(content!, 200, 550)];
    expect([r! > 150 && b! < 60, r2! < 80 && b2! > 120]).toEqual([true, true]);
    const small = await sharp(thumbnail).metadata();
    expect([small.format, small.width, small.height]).toEqual(['webp', 213, 320]);
  });

  it('gets rid of what is hidden behind it', async () => {
    for (const picture of [await photo(), await png(), await webp()]) {
      const { content } = await look(Buffer.concat([picture, Buffer.from('<script>HIDDEN</script>')]));
      expect(content!.includes('HIDDEN')).toBe(false);
    }
  });

  it('of too many pixels is refused by its header, before it is opened', async () => {
    const before = process.memoryUsage().rss;
    for (const kind of ['jpeg', 'png', 'webp'] as const)
      expect([kind, await refusal(await claimsToBe(kind, 16_000, 12_500))]).toEqual([kind, 'file-pixels']);
    // 200 million pixels would take 600 MB.
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
  });

  it('that is cut off, or is less than it says, is refused', async () => {
    for (const whole of [await photo(), await png(600, 400), await webp(600, 400)])
      expect(await refusal(whole.subarray(0, Math.floor(whole.length * 0.6)))).toBe('file-damaged');
    expect(await refusal(await claimsToBe('png', 4_000, 4_000))).toBe('file-damaged');
  });
});

describe('a PDF', () => {
  it('must have its end, objects, and a trailer that points into it', async () => {
    const whole = pdf();
    expect(await refusal(whole)).toBe('taken');
    expect(await refusal(whole.subarray(0, whole.length - 20))).toBe('file-damaged');
    expect(await refusal(Buffer.from(whole.toString().replace(/startxref\n\d+/, 'startxref\n99999')))).toBe(
      'file-damaged',
    );
    expect(await refusal(Buffer.from('%PDF-1.7\nstartxref\n0\n%%EOF\n'))).toBe('file-damaged');
    // Digits without end take no longer than anything else.
    const digits = Buffer.concat([
      Buffer.from('%PDF-1.7\n'),
      Buffer.alloc(19 * 1024 * 1024, '1'),
      Buffer.from('\nstartxref\n0\n%%EOF\n'),
    ]);
    expect(await refusal(digits)).toBe('file-damaged');
    const words = Buffer.concat([
      Buffer.from('%PDF-1.7\n'),
      Buffer.alloc(19 * 1024 * 1024, ' obj'),
      Buffer.from('\nstartxref\n0\n%%EOF\n'),
    ]);
    expect(await refusal(words)).toBe('file-damaged');
    expect(await refusal(Buffer.concat([Buffer.from('<html>'), whole]))).toBe('file-type');
  });
});

describe('an object of a PDF', () => {
  it('is its number, its generation and its word, as a pattern of 16 characters before that finds them', () => {
    const alphabet = ['1', '23', '456789', ' ', '  ', '\t', '\n', '\xa0', 'x', ' obj'];
    const before = Array.from({ length: 3_000 }, (_, i) =>
      Array.from(
        hash('sha256', `object ${i}`, 'buffer').subarray(0, 6),
        (byte) => alphabet[byte % alphabet.length]!,
      ).join(''),
    );
    const found: string[] = [];
    const expected: string[] = [];
    for (const text of [...before, '1 0', '1              0', '1               0', '7 123456', '70', ' 0', '']) {
      const file = Buffer.from(`%PDF-1.7\n${text} obj\nstartxref\n0\n%%EOF\n`, 'latin1');
      const words = [...file.toString('latin1').matchAll(/ obj/g)].map(({ index }) => index);
      if (words.some((at) => /\d\s+\d{1,5}$/.test(file.toString('latin1', Math.max(0, at - 16), at))))
        expected.push(text);
      if (isTaken(file)) found.push(text);
    }
    expect(found).toEqual(expected);
    expect(found.length).toBeGreaterThan(300);
    expect(found.length).toBeLessThan(2_700);
  });
});
function isTaken(file: Buffer): boolean {
  try {
    checkPdf(file);
    return true;
  } catch {
    return false;
  }
}

describe('a document of an office', () => {
  const [types, main] = docxParts() as [ReturnType<typeof docxParts>[0], ReturnType<typeof docxParts>[0]];

  it('must be one: its list of parts, its main part, both declared', async () => {
    expect(await refusal(zipOf([types]))).toBe('file-type');
    expect(await refusal(zipOf([main]))).toBe('file-type');
    expect(await refusal(zipOf([{ ...types, content: '<Types/>' }, main]))).toBe('file-damaged');
  });

  it('with macros is refused, whatever they are called', async () => {
    for (const name of [
      'word/vbaProject.bin',
      'word/VBAPROJECT.BIN',
      'xl/macrosheets/sheet1.xml',
      'xl/macrosheets/sheet\n1.xml',
    ])
      expect(await refusal(zipOf([types, main, { name, content: 'x' }]))).toBe('file-macros');
    const renamed = {
      ...types,
      content: String(types.content).replace(
        '<Types ',
        '<Types a="application/vnd.ms-word.document.macroEnabled.main+xml" ',
      ),
    };
    expect(await refusal(zipOf([renamed, main]))).toBe('file-macros');
  });

  it('with a password is refused', async () => {
    expect(await refusal(zipOf([types, { ...main, claims: { flags: 0x801 } }]))).toBe('file-locked');
  });

  it('that would fill a disk is refused: by what it claims, by what it is, and by parts that overlap', async () => {
    const zeros = Buffer.alloc(8 * 1024 * 1024);
    const claims = { bytes: 60 * 1024 * 1024 };
    const four = [1, 2, 3, 4].map((i) => ({ name: `word/media/${i}.bin`, content: 'x', claims }));
    expect(await refusal(zipOf([types, main, ...four]))).toBe('file-bomb');
    expect(
      await refusal(zipOf([types, main, { name: 'word/media/1.bin', content: zeros, claims: { bytes: 1_000 } }])),
    ).toBe('file-bomb');
    const many = zipOf([{ name: '000000.bin', content: randomBytes(4_000) }], { copies: 400 });
    expect(await refusal(many)).toBe('file-bomb');
    const parts = zipOf([{ name: '000000.bin', content: 'x' }], { copies: 6_000 });
    expect(await refusal(parts)).toBe('file-bomb');
  });

  it('that is damaged, or hides something behind it, is refused', async () => {
    const whole = docx();
    expect(await refusal(whole.subarray(0, whole.length - 30))).toBe('file-damaged');
    expect(await refusal(Buffer.concat([whole, Buffer.from('<script>')]))).toBe('file-damaged');
    expect(await refusal(zipOf([types, { ...main, claims: { crc: 1 } }]))).toBe('file-damaged');
    expect(await refusal(zipOf([types, main, { name: '../../etc/passwd', content: 'x' }]))).toBe('file-damaged');
    expect(await refusal(zipOf([types, main, main]))).toBe('file-damaged');
    expect(await refusal(zipOf([types, main], { comment: 'a comment' }))).toBe('taken');
  });

  it('that is broken anywhere is refused or taken, and nothing else happens', async () => {
    const whole = docx('x'.repeat(500));
    for (let i = 0; i < 400; i++) {
      const broken = Buffer.from(whole);
      broken[(i * 7919) % broken.length]! ^= 1 << (i % 8);
      expect(['taken', 'file-damaged', 'file-type', 'file-bomb', 'file-locked', 'file-macros']).toContain(
        await refusal(broken),
      );
    }
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FILE_TYPES, MAX_FILE_NAME, type FileType } from '../../../../contract/attachmentLimits.ts';
import { dispositionOf, fileNameOf } from '../../../../server/casework/attachments/fileName.ts';

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

describe('the name of a file', () => {
  it.each<[given: string, type: FileType, name: string]>([
    ['现场照片.jpg', 'image/jpeg', '现场照片.jpg'],
    ['IMG_0001.JPEG', 'image/jpeg', 'IMG_0001.JPEG'],
    // Whatever it claims to be.
    ['工资表.exe', 'application/pdf', '工资表.exe.pdf'],
    ['photo.png', 'image/jpeg', 'photo.png.jpg'],
    ['没有扩展名', DOCX, '没有扩展名.docx'],
    ['2026.11.28', 'application/pdf', '2026.11.28.pdf'],
    // Paths.
    ['../../../etc/passwd', 'application/pdf', 'passwd.pdf'],
    ['C:\\Users\\某\\合同.pdf', 'application/pdf', '合同.pdf'],
    // What turns the direction of writing, and what is not seen.
    ['合同\u202Efdp.exe', 'image/png', '合同fdp.exe.png'],
    ['a\u0000b\u0007\r\nc\u200b\u2066.pdf', 'application/pdf', 'abc.pdf'],
    ['  . .hidden . .pdf', 'application/pdf', 'hidden.pdf'],
    ['a<b>:"|?*%.pdf', 'application/pdf', 'a_b_______.pdf'],
    ['con.pdf', 'application/pdf', '_con.pdf'],
  ])('%j becomes readable, and its extension fits', (given, type, name) => {
    expect(fileNameOf(given, type)).toBe(name);
  });

  it.each(['', '...', '\u202E\u200B', '../..', '   .pdf', '？！.pdf'])('%j is none', (given) => {
    expect(fileNameOf(given, 'application/pdf')).toBeUndefined();
  });

  it('of any text is none, or one that every file system takes', () => {
    const types = Object.keys(FILE_TYPES) as FileType[];
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.constantFrom(...types), (given, type) => {
        const name = fileNameOf(given, type);
        if (name === undefined) return;
        expect(name.length).toBeLessThanOrEqual(MAX_FILE_NAME);
        expect(name).not.toMatch(/[\\/<>:"|?*%\p{Cc}\p{Cf}\p{Cs}]|^[.\s]|[.\s]$/u);
        expect(FILE_TYPES[type] as readonly string[]).toContain(name.split('.').at(-1)!.toLowerCase());
        // It is the name of itself.
        expect(fileNameOf(name, type)).toBe(name);
        expect(dispositionOf('attachment', name)).toMatch(
          /^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]+$/,
        );
      }),
      { numRuns: 500 },
    );
  });
});

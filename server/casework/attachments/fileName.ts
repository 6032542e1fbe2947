import { FILE_TYPES, MAX_FILE_NAME, type FileType } from '../../../contract/attachmentLimits.ts';

/**
 * Names of attachments, as they are kept, shown and given to downloads: the last part of what was sent, without what would mislead a
 * reader or a file system, and with an extension that fits what the file really is. Pure.
 */

/**
 * Nothing to read: controls, and what is invisible or turns the direction of writing (bidi controls), by which `fdp.exe` looks like
 * `exe.pdf`. Zero-width joiners of emoji are among them: a name is readable without.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/** What Windows forbids in names, and `%`, by which some programs decode names a second time. */
const FORBIDDEN = /[<>:"|?*%]/g;
/** Names of devices on Windows, whatever their extension. */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
/** What is at the end of a name and says what kind of file it is. */
const EXTENSION = /\.([0-9A-Za-z]{1,10})$/;

/**
 * @param given as it was sent, whatever it holds
 * @param type what the file is by its content
 * @returns undefined where nothing is left of it that could be read
 */
export function fileNameOf(given: string, type: FileType): string | undefined {
  const last = given.normalize('NFC').split(/[\\/]/).at(-1)!;
  const seen = last.replace(UNSEEN, '').replace(FORBIDDEN, '_').replace(/\s+/g, ' ');
  const extensions: readonly string[] = FILE_TYPES[type];
  const own = EXTENSION.exec(seen)?.[1];
  const fits = own !== undefined && extensions.includes(own.toLowerCase());
  const extension = fits ? own : extensions[0]!;
  // One that does not fit stays readable as a part of the name: what claims to be `.exe` is called so, and is none.
  const stem = bare(fits ? seen.slice(0, -own.length - 1) : seen);
  if (!/[\p{L}\p{N}]/u.test(stem)) return undefined;
  const safe = DEVICE.test(stem) ? `_${stem}` : stem;
  return `${bare(cut(safe, MAX_FILE_NAME - extension.length - 1))}.${extension}`;
}

/** Dots in front hide a file, and dots and spaces at an end are dropped by Windows. */
const bare = (text: string) => text.replace(/^[\s.]+|[\s.]+$/g, '');

/** At most so many UTF-16 units, without breaking a character. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const short = text.slice(0, most);
  return /[\uD800-\uDBFF]$/.test(short) ? short.slice(0, -1) : short;
}

/** `Content-Disposition` of a download (RFC 6266, RFC 5987): the name in full, and one in ASCII for programs that know no other. */
export function dispositionOf(kind: 'attachment' | 'inline', name: string): string {
  const plain = name.replace(/[^\x20-\x7e]+/g, '_').replace(/["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

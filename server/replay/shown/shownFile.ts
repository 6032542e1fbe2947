import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import { SHOWN_WINDOWS, type ShownWindow } from '../../../contract/replayLimits.ts';
import { FrameSchema, type Frame } from '../../../contract/frame.ts';

/** The frames of one scope and hour, as they were shown: unmasked, whatever fields they had then. */
export type ShownFrames = Partial<Record<ShownWindow, Frame>>;

/** 1: `{version, frames}`, frames by window. */
const VERSION = 1;
/** The frames of four windows have most of their text in common; this finds it, in a thread of its own. */
const OPTIONS = { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 22 } };
/** A file that inflates to more is none of ours. */
const MAX_BYTES = 256 * 1024 * 1024;

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

/** @param frames by window, each as JSON text */
export function encodeShown(frames: ReadonlyMap<ShownWindow, string>): Promise<Buffer> {
  const parts = [...frames].map(([window, text]) => `${JSON.stringify(window)}:${text}`);
  return compress(`{"version":${VERSION},"frames":{${parts.join(',')}}}`, OPTIONS);
}

/**
 * The frames of a file. Fields that this program does not know are left out: nobody has said how they are masked.
 * @throws Error for bytes that are no such file
 */
export async function decodeShown(bytes: Buffer): Promise<ShownFrames> {
  const text = (await decompress(bytes, { maxOutputLength: MAX_BYTES })).toString();
  const { version, frames } = JSON.parse(text) as { version?: unknown; frames?: Record<string, Frame> };
  if (version !== VERSION || typeof frames !== 'object')
    throw new Error(`frames of version ${String(version)}: this program reads version ${VERSION}`);
  return Object.fromEntries(
    SHOWN_WINDOWS.flatMap((window) => {
      const frame = frames[window];
      return frame ? [[window, knownFields(frame)]] : [];
    }),
  );
}

const KNOWN = Object.keys(FrameSchema.properties) as (keyof Frame)[];

function knownFields(frame: Frame): Frame {
  return Object.fromEntries(KNOWN.flatMap((name) => (frame[name] === undefined ? [] : [[name, frame[name]]]))) as Frame;
}

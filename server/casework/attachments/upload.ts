import type { Readable } from 'node:stream';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { MAX_ATTACHMENT_BYTES } from '../../../contract/attachmentLimits.ts';
import type { Attachment } from '../../../contract/events.ts';
import { bodyParts } from '../../platform/http/body.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import type { Draft } from '../../platform/files/fileStore.ts';
import { digestOf, type AttachmentStore, type FileRecord } from './attachmentStore.ts';
import { fileNameOf } from './fileName.ts';
import { fileRefused } from './fileRefused.ts';
import { inspect } from './inspect.ts';

export interface Upload {
  body: Readable;
  headers: IncomingHttpHeaders;
  /** As its sender calls it. */
  name: string;
}
interface UploadParts {
  store: AttachmentStore;
  alertId: string;
  /** Epoch ms. */
  now: () => number;
  /** Looks at a file when its turn comes. */
  inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Asked once the file is there and will do, before anything is kept. @throws HttpProblem where it must not be kept any more */
  mayKeep: (file: Attachment) => Promise<void>;
}

/**
 * Takes in one file: reads it to the disk, looks at it, and keeps what is to be kept of it.
 * @throws HttpProblem 413, 422, 507 (fileRefused.ts, fileStore.ts); then nothing of it is left
 */
export async function takeUpload({ body, headers, name: given }: Upload, parts: UploadParts): Promise<Attachment> {
  const { store, alertId, now, inTurn, mayKeep } = parts;
  if (Number(headers['content-length'] ?? 0) > MAX_ATTACHMENT_BYTES) throw tooLarge();
  const drafts: Draft[] = [];
  const receive = async (content: Buffer | AsyncIterable<Buffer>) => {
    const draft = await store.files.receive(content, MAX_ATTACHMENT_BYTES);
    drafts.push(draft);
    return draft;
  };
  try {
    const sent = await receive(bodyParts(body, headers));
    const { type, content, thumbnail } = await inTurn(() => inspect(sent));
    const name = fileNameOf(given, type);
    if (name === undefined)
      throw fileRefused(
        'file-name',
        'the name of the file has no letter or figure that could be read: give it another',
      );
    const kept = content ? await receive(content) : sent;
    const small = thumbnail && (await receive(thumbnail));
    const file = { digest: digestOf(kept.digest), name, type, bytes: kept.bytes };
    await mayKeep(file);
    const record: FileRecord = { name, type, bytes: kept.bytes, ...(small ? { thumbnail: small.digest } : {}) };
    if (!(await store.note(alertId, kept.digest, record, now()))) throw fileRefused('file-count', store.full);
    await small?.keep();
    await kept.keep();
    return file;
  } catch (error) {
    // A picture that is within the limit may be beyond it when it is written anew.
    if (error instanceof HttpProblem && error.status === 413) throw tooLarge();
    throw error;
  } finally {
    await Promise.all(drafts.map((draft) => draft.discard()));
  }
}

/** The body is the file, whatever it says that it is; it is read once it is known that it may come. */
export function takeBodiesAsTheyCome(
  app: Pick<FastifyInstance, 'removeAllContentTypeParsers' | 'addContentTypeParser'>,
): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => {
    done(null, payload);
  });
}

function tooLarge(): HttpProblem {
  const most = `${MAX_ATTACHMENT_BYTES / 1024 / 1024} MiB`;
  const detail = `a file may have ${most}, a picture also once it is written anew: make it smaller, or send it in parts`;
  return new HttpProblem(413, 'File is too large', detail, undefined, { rule: 'file-size' });
}

import type { Readable } from 'node:stream';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MAX_ATTACHMENT_BYTES } from '../../../contract/attachmentLimits.ts';
import type { Attachment } from '../../../contract/events.ts';
import { bodyParts } from '../../platform/http/body.ts';
import { HttpProblem, noLongerLetIn } from '../../platform/http/problem.ts';
import { Turns } from '../../platform/http/turns.ts';
import type { Draft } from '../../platform/files/fileStore.ts';
import { digestOf, type AttachmentStore, type FileRecord } from './attachmentStore.ts';
import { fileNameOf } from './fileName.ts';
import { fileRefused } from '../../platform/files/fileRefused.ts';
import { inspect } from './inspect.ts';

interface UploadParts {
  store: AttachmentStore;
  /** The alert that gets it, or whoever keeps it until something names it. */
  holder: string;
  /** As its sender calls it. */
  name: string;
  /** Epoch ms. */
  now: () => number;
  /** Looks at a file when its turn comes. */
  looking: Turns;
  /** Asked once the file is there and will do, before anything is kept. @throws HttpProblem where it must not be kept any more */
  mayKeep: (file: Attachment) => Promise<void>;
}
/** What a request sends. `what`: how it is called where it is missing. */
export type Sent = Pick<UploadParts, 'store' | 'holder' | 'name' | 'mayKeep'> & { what: 'file' | 'picture' };

/** Files that one person sends at the same time. */
const SENT = 3;

/**
 * Takes in the files that requests have as their bodies, and few at a time of one sender.
 * @returns throws as `takeUpload`, and HttpProblem 400 where there is no body, 401 where its sender is let in no longer once it is there
 */
export function createUploads({
  looking,
  now,
}: Pick<UploadParts, 'looking' | 'now'>): (request: FastifyRequest, sent: Sent) => Promise<Attachment> {
  const sending = new Turns(SENT);
  return async (request, { what, mayKeep, ...sent }) => {
    const body = request.body as Readable | undefined;
    if (!body)
      throw new HttpProblem(400, 'No file', `the body of this request is the ${what} itself, and there is none`);
    const parts: UploadParts = {
      ...sent,
      looking,
      now,
      async mayKeep(file) {
        // It may have taken minutes.
        if (request.revoked.aborted) throw noLongerLetIn();
        await mayKeep(file);
      },
    };
    return sending.run(request.principal!.credential, () => takeUpload(body, request.headers, parts));
  };
}

/**
 * Takes in one file: reads it to the disk, looks at it, and keeps what is to be kept of it.
 * @throws HttpProblem 413, 422, 507 (fileRefused.ts, fileStore.ts); then nothing of it is left
 */
async function takeUpload(body: Readable, headers: IncomingHttpHeaders, parts: UploadParts): Promise<Attachment> {
  const { store, holder, name: given, now, looking, mayKeep } = parts;
  if (Number(headers['content-length'] ?? 0) > MAX_ATTACHMENT_BYTES) throw tooLarge();
  const drafts: Draft[] = [];
  const receive = async (content: Buffer | AsyncIterable<Buffer>) => {
    const draft = await store.files.receive(content, MAX_ATTACHMENT_BYTES);
    drafts.push(draft);
    return draft;
  };
  try {
    const sent = await receive(bodyParts(body, headers));
    const { type, content, thumbnail } = await looking.run('', () => inspect(sent));
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
    if (!(await store.note(holder, kept.digest, record, now()))) throw fileRefused('file-count', store.full);
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

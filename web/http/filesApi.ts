import type { Attachment } from '../../contract/events.ts';
import type { AlertRef } from '../../contract/frame.ts';
import type { Problem } from '../../contract/rest.ts';
import { OURS } from './accessApi.ts';
import { HttpError } from './client.ts';

/** Files of cases (docs/casework.md §2): uploaded with their progress, and where a page finds them. */

export interface Uploading {
  /** Of the file. */
  name: string;
  signal: AbortSignal;
  /** Told how much of it has been sent, 0 to 1. */
  onShare: (share: number) => void;
}

/** Nothing comes or goes for so long: the connection is taken to be gone, ms. */
const SILENCE_MS = 40_000;

const pathOf = ({ region, alertId }: AlertRef, ...more: string[]) =>
  `/api/v1/alerts/${[alertId, 'attachments', ...more].map(encodeURIComponent).join('/')}?region=${region}`;

/** Where a file is downloaded, or the thumbnail of a picture is seen. */
export function fileUrl(alert: AlertRef, digest: string, thumb = false): string {
  return `${pathOf(alert, digest)}${thumb ? '&thumb=1' : ''}`;
}

/**
 * Sends one file of a case.
 * @throws HttpError whatever went wrong; status 0 where no answer came, or it was aborted
 */
export const uploadFile = (alert: AlertRef, file: Blob, how: Uploading): Promise<Attachment> =>
  sendFile(pathOf(alert), file, how);

/**
 * Sends one file to where files are taken. By XMLHttpRequest, since `fetch` tells nothing of how far it is.
 * @param path with its query, to which the name is added
 * @param more headers of whoever sends it without a session of their own
 * @throws HttpError as `uploadFile`
 */
export function sendFile(
  path: string,
  file: Blob,
  { name, signal, onShare }: Uploading,
  more: Record<string, string> = {},
): Promise<Attachment> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let silent: ReturnType<typeof setTimeout> | undefined;
    const heard = () => {
      clearTimeout(silent);
      silent = setTimeout(abort, SILENCE_MS);
    };
    const abort = () => {
      request.abort();
    };
    const end = () => {
      clearTimeout(silent);
      signal.removeEventListener('abort', abort);
    };
    const fail = (status: number, problem: Partial<Problem>) => {
      end();
      const seconds = Number(request.getResponseHeader('retry-after'));
      reject(new HttpError(status, problem, seconds > 0 ? seconds * 1_000 : undefined));
    };
    request.open('POST', `${path}&name=${encodeURIComponent(name)}`);
    for (const [header, value] of Object.entries({ ...OURS, ...more })) request.setRequestHeader(header, value);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => {
      heard();
      if (total > 0) onShare(loaded / total);
    };
    request.onload = () => {
      const answer = request.response as unknown;
      if (request.status !== 200) {
        fail(request.status, answer ?? {});
        return;
      }
      end();
      resolve(answer as Attachment);
    };
    request.onerror = request.onabort = () => {
      fail(0, { detail: 'no answer came' });
    };
    signal.addEventListener('abort', abort);
    heard();
    if (signal.aborted) abort();
    request.send(file);
  });
}

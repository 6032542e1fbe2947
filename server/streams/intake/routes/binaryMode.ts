import type { IncomingHttpHeaders } from 'node:http';
import { isUtf8 } from 'node:buffer';
import { HttpProblem } from '../../../platform/http/problem.ts';

/**
 * Binary mode of CloudEvents over HTTP (HTTP protocol binding 1.0.2 §3.1): the attributes are headers `ce-…`, and the
 * body is `data`, whose media type is `Content-Type`.
 */

const PREFIX = 'ce-';
const JSON_TYPE = /^application\/(?:[\w.!#$&^-]+\+)?json\s*(?:;|$)/i;
/** What no header can say: the body and its media type do. */
const BY_THE_BODY: ReadonlySet<string> = new Set(['data', 'data_base64', 'datacontenttype']);

/** Whether a request is in binary mode, as the media type is none of ours. */
export function isBinaryMode(headers: IncomingHttpHeaders): boolean {
  return headers['ce-specversion'] !== undefined;
}

/**
 * The event of a request in binary mode, without its data. Media types that are JSON are noted as `application/json`.
 * @throws HttpProblem 415 when data is no JSON, 400 for headers that cannot be read
 */
export function binaryAttributes(headers: IncomingHttpHeaders): Record<string, unknown> {
  const type = headers['content-type'];
  if (type !== undefined && !JSON_TYPE.test(type))
    throw new HttpProblem(
      415,
      'Media type is not supported',
      `in binary mode the body is the data of the event, as application/json; it is ${type.slice(0, 100)}`,
    );
  const event: Record<string, unknown> = {};
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith(PREFIX) || value === undefined) continue;
    const name = header.slice(PREFIX.length);
    if (BY_THE_BODY.has(name))
      throw new HttpProblem(
        400,
        'Header is no attribute',
        `${header}: in binary mode the body is the data of the event, and Content-Type its media type`,
        header,
      );
    Object.defineProperty(event, name, {
      value: decoded(header, Array.isArray(value) ? value.join(', ') : value),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  if (type !== undefined) event.datacontenttype = 'application/json';
  return event;
}

/**
 * The value of an attribute: quotes of older senders are taken away, then one round of percent-decoding follows (§3.1.3.2).
 * A percent sign that begins no two hexadecimal digits stands for itself.
 */
function decoded(header: string, value: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(value);
  const plain = quoted ? quoted[1]!.replace(/\\(.)/gs, '$1') : value;
  // Node reads a header as Latin-1: each character is one byte.
  const bytes = Buffer.from(
    plain.replace(/%([0-9a-f]{2})/gi, (_all, digits: string) => String.fromCharCode(parseInt(digits, 16))),
    'latin1',
  );
  if (!isUtf8(bytes))
    throw new HttpProblem(400, 'Header is not UTF-8', `${header} is not UTF-8, percent-encoded or as it is`, header);
  return bytes.toString('utf8');
}

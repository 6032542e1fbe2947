import type { CDPSession } from 'playwright-core';

/** What lies in a page's JavaScript heap, by a snapshot: what the page holds, apart from what the engine makes of its program. */
export interface HeapContents {
  /** Objects, arrays, strings, closures: what a leak would be made of. Bytes. */
  held: number;
  /** Byte code, machine code and what goes with them: grows while more and more functions are found worth compiling, and ends with the last. */
  code: number;
  /** The kinds that take most, `kind` being a constructor or a type of the engine's. */
  kinds: Map<string, number>;
}

interface Snapshot {
  snapshot: { meta: { node_fields: string[]; node_types: [string[], ...unknown[]] } };
  nodes: number[];
  strings: string[];
}

const HELD = new Set([
  'object',
  'closure',
  'array',
  'string',
  'concatenated string',
  'sliced string',
  'regexp',
  'number',
  'symbol',
  'bigint',
]);
const CODE = new Set(['code', 'object shape']);
/** Parts of objects that the engine reports among those of the browser. */
const PARTS = 'system / PropertyArray';

function contentsOf({ snapshot: { meta }, nodes, strings }: Snapshot): HeapContents {
  const at = (field: string) => meta.node_fields.indexOf(field);
  const [type, name, size] = [at('type'), at('name'), at('self_size')];
  const contents: HeapContents = { held: 0, code: 0, kinds: new Map() };
  for (let i = 0; i < nodes.length; i += meta.node_fields.length) {
    const kind = meta.node_types[0][nodes[i + type]!]!;
    const of = strings[nodes[i + name]!]!;
    const bytes = nodes[i + size]!;
    if (HELD.has(kind) || of === PARTS) contents.held += bytes;
    else if (CODE.has(kind)) contents.code += bytes;
    // The rest is the browser's own: documents, styles, pictures.
    else continue;
    const label = kind === 'object' || kind === 'code' ? `${kind} ${of.slice(0, 40)}` : kind;
    contents.kinds.set(label, (contents.kinds.get(label) ?? 0) + bytes);
  }
  return contents;
}

/** Takes a snapshot of the page's heap and adds it up; call after a collection. Some seconds for a heap of 25 MiB. */
export async function heapContents(cdp: CDPSession): Promise<HeapContents> {
  const parts: string[] = [];
  const take = ({ chunk }: { chunk: string }) => {
    parts.push(chunk);
  };
  cdp.on('HeapProfiler.addHeapSnapshotChunk', take);
  await cdp.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  cdp.off('HeapProfiler.addHeapSnapshotChunk', take);
  return contentsOf(JSON.parse(parts.join('')) as Snapshot);
}

/** The kinds that have grown most, as text: `code system / InstructionStream +580 KiB`. */
export function grown(before: HeapContents, after: HeapContents, most = 3): string {
  return [...after.kinds]
    .map(([kind, bytes]) => ({ kind, more: bytes - (before.kinds.get(kind) ?? 0) }))
    .sort((a, b) => b.more - a.more)
    .slice(0, most)
    .filter(({ more }) => more > 0)
    .map(({ kind, more }) => `${kind} +${Math.round(more / 1024)} KiB`)
    .join(', ');
}

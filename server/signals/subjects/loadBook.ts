import { UnreadableEntry } from '../../streams/feed/feedGap.ts';
import type { Source } from '../../streams/feed/follower.ts';
import type { EngineStore } from '../engine/engineStore.ts';
import { rowOfHead } from '../engine/subjectChange.ts';
import { SubjectBook } from './subjectBook.ts';

/** How the subjects of a region are loaded, and follow the engine's feed. News of an entry: the version in force. */
export function bookSource(store: EngineStore): Source<SubjectBook, string> {
  return {
    empty: () => new SubjectBook(),
    async load() {
      // Before the subjects: what they have in advance of it, its entries say again.
      const standing = await store.standing();
      const [words, sources] = await Promise.all([store.words(), store.sources()]);
      const book = new SubjectBook(words);
      for await (const part of store.scanHeads(words)) {
        for (const { head } of part) book.put(rowOfHead(head));
        // A few ms for each part: figures and patches go on in between.
        await new Promise((resolve) => setImmediate(resolve));
      }
      const { observed, registered, duplicates, raised, escalated, version, day } = standing;
      book.apply({ rows: [], sources, meters: { observed, registered, duplicates, raised, escalated, version, day } });
      return { situation: book, position: standing.change, applied: 0 };
    },
    apply(book, payload) {
      try {
        book.applyEntry(payload);
        return [book.meters.version];
      } catch (error) {
        // Of another version of the program, perhaps: what is stored says the same.
        throw new UnreadableEntry(error instanceof Error ? error.message : String(error));
      }
    },
  };
}

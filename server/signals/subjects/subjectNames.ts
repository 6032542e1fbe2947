import { searchText } from '../../../common/identity.ts';
import { ByteStore } from '../engine/byteStore.ts';

/** Names by the numbers of subjects, as bytes, to be searched; about 30 bytes each. */
export class SubjectNames {
  private readonly names = new ByteStore();
  /** As they are searched, where that is not the name itself. */
  private readonly searched = new ByteStore();

  set(n: number, name: string): void {
    const bytes = Buffer.from(name);
    if (this.names.get(n)?.equals(bytes)) return;
    this.names.put(n, bytes);
    const searched = searchText(name);
    if (searched === name) this.searched.delete(n);
    else this.searched.put(n, Buffer.from(searched));
  }

  /** Of one that has been set. */
  of(n: number): string {
    return this.names.get(n)!.toString();
  }

  /** Those whose names have a text in them. @param text as names are searched */
  with(text: string): Set<number> {
    const found = new Set<number>();
    const needle = Buffer.from(text);
    this.names.search(needle, (n) => this.searched.get(n) ?? found.add(n));
    this.searched.search(needle, (n) => found.add(n));
    return found;
  }
}

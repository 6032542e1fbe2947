/** Those who want to be told of something, each until it no longer wants to be. */
export class Listeners<T> {
  private readonly listeners = new Set<(value: T) => void>();

  /** @returns takes the listener away again */
  add(listen: (value: T) => void): () => void {
    this.listeners.add(listen);
    return () => {
      this.listeners.delete(listen);
    };
  }

  emit(value: T): void {
    for (const listen of this.listeners) listen(value);
  }
}

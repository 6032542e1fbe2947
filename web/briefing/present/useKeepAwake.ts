import { onMounted, onScopeDispose } from 'vue';

/** A telephone in the presenter's hand does not go dark meanwhile, where the browser knows of that. Call in `setup`. */
export function useKeepAwake(): void {
  let lock: { release(): Promise<void> } | undefined;
  async function ask(): Promise<void> {
    if (document.visibilityState !== 'visible') return;
    // Not in every browser, and with TLS alone.
    const { wakeLock } = navigator as { wakeLock?: { request(kind: 'screen'): Promise<typeof lock> } };
    lock = await wakeLock?.request('screen').catch(() => undefined);
  }
  const again = () => void ask();
  onMounted(again);
  document.addEventListener('visibilitychange', again);
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', again);
    void lock?.release().catch(() => undefined);
  });
}

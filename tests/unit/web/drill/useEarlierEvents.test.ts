import { nextTick, shallowRef } from 'vue';
import { describe, expect, it } from 'vitest';
import type { AlertDetail } from '../../../../contract/rest.ts';
import { useEarlierEvents } from '../../../../web/drill/useEarlierEvents.ts';

/** The detail of an alert of `total` events: those from `start` to `end`, in pages of 3. */
function page(total: number, end = total): AlertDetail {
  const start = Math.max(0, end - 3);
  const events = Array.from({ length: end - start }, (_, i) => ({ id: String(start + i) }));
  return {
    alertId: 'A',
    events,
    ...(start > 0 ? { eventsBefore: start, cursor: String(start) } : {}),
  } as unknown as AlertDetail;
}

describe('the earlier events of an alert', () => {
  it('are read page by page until none is left', async () => {
    const detail = shallowRef<AlertDetail | undefined>(page(8));
    const { whole, before, showEarlier } = useEarlierEvents(detail, (cursor) =>
      Promise.resolve(page(8, Number(cursor))),
    );
    const ids = () => whole.value!.events.map(({ id }) => id).join('');
    expect([ids(), before.value]).toEqual(['567', 5]);
    await showEarlier();
    expect([ids(), before.value]).toEqual(['234567', 2]);
    await showEarlier();
    expect([ids(), before.value]).toEqual(['01234567', 0]);
    await showEarlier();
    expect([ids(), before.value]).toEqual(['01234567', 0]);
  });

  it('leave no gap when newer ones come in between, and tell what went wrong', async () => {
    const detail = shallowRef<AlertDetail | undefined>(page(8));
    let fails = true;
    const { whole, before, problem, showEarlier } = useEarlierEvents(detail, (cursor) =>
      fails ? Promise.reject(new Error('no')) : Promise.resolve(page(8, Number(cursor))),
    );
    await showEarlier();
    expect(problem.value).toBeDefined();
    fails = false;
    await showEarlier();
    expect(problem.value).toBeUndefined();
    expect(before.value).toBe(2);
    detail.value = page(10);
    await nextTick();
    expect(whole.value!.events.map(({ id }) => id).join('')).toBe('789');
    expect(before.value).toBe(7);
  });
});

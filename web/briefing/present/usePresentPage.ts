import { computed, type ComputedRef, type Ref } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { Briefing } from '../../../contract/briefings.ts';
import { liveOf } from '../../../contract/liveBriefing.ts';
import { briefingsApi } from '../../http/briefingsApi.ts';
import type { Compare } from '../compare/useCompare.ts';
import type { DeckTime } from '../time/useDeckTime.ts';
import { useInStepView } from './useInStepView.ts';
import { usePresenting, type Presenting, type PresentMode } from './usePresenting.ts';
import { useTools, type Tool } from './useTools.ts';

/**
 * Presenting and following on the page of a briefing: which of them it is stands in the address (`?present=on`, `?follow=on`), so
 * that a reload goes on. Call in `setup`.
 */
export function usePresentPage(parts: {
  /** Of one that is kept, or that names one of now; undefined while it is not known. */
  id: () => string | undefined;
  names: () => readonly string[];
  page: Ref<number>;
  go: (n: number) => void;
  black: Ref<boolean>;
  keep: (changed: Briefing) => void;
  time: DeckTime;
  compare: Compare;
}): {
  mode: ComputedRef<PresentMode>;
  setMode: (mode: PresentMode) => void;
  presenting: Presenting;
  tool: Ref<Tool>;
  take: (tool: Tool) => void;
} {
  const { id, names, page, go, black, keep, time, compare } = parts;
  const route = useRoute();
  const router = useRouter();
  const isOn = (value: unknown) => value === 'on' || value === '1';
  const mode = computed<PresentMode>(() =>
    isOn(route.query['present']) ? 'present' : isOn(route.query['follow']) ? 'follow' : 'alone',
  );
  function setMode(next: PresentMode): void {
    const query = { ...route.query };
    delete query['present'];
    delete query['follow'];
    void router.replace({ query: { ...query, ...(next === 'alone' ? {} : { [next]: 'on' }) } });
  }
  const presenting = usePresenting({
    id,
    mode: () => mode.value,
    names,
    page,
    go,
    black,
    view: () => inStep.view(),
    reread() {
      const now = id();
      if (now !== undefined && !liveOf(now)) briefingsApi.get(now).then(keep, () => undefined);
    },
    leave: () => {
      setMode('alone');
    },
  });
  const inStep = useInStepView({ mode: () => mode.value, presenting, time, compare });
  const tools = useTools(presenting, () => compare.asked.value === undefined);
  return { mode, setMode, presenting, ...tools };
}

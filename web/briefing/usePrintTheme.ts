import { onScopeDispose } from 'vue';
import { putTheme } from '../styles/ink.ts';
import { themeShown } from '../shell/settings/useTheme.ts';

/** While the page is printed it has the light colours, whatever theme is on. Call in `setup`. */
export function usePrintTheme(): void {
  const root = document.documentElement;
  root.dataset.briefing = '';
  const print = matchMedia('print');
  const put = () => {
    putTheme(print.matches ? 'day' : themeShown.value);
  };
  const before = () => {
    putTheme('day');
  };
  print.addEventListener('change', put);
  addEventListener('beforeprint', before);
  addEventListener('afterprint', put);
  onScopeDispose(() => {
    delete root.dataset.briefing;
    print.removeEventListener('change', put);
    removeEventListener('beforeprint', before);
    removeEventListener('afterprint', put);
  });
}

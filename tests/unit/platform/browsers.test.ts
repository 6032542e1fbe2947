import { describe, expect, it } from 'vitest';
import { pageBuildFor } from '../../../server/platform/http/browsers.ts';

const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)';

describe('the build of the pages for a browser', () => {
  it.each<[what: string, userAgent: string | undefined, build: string]>([
    ['Chrome 131', `${WINDOWS} Chrome/131.0.0.0 Safari/537.36`, 'modern'],
    ['Chromium 100, the first modern one', `${WINDOWS} Chrome/100.0.4896.127 Safari/537.36`, 'modern'],
    ['Chromium 99', `${WINDOWS} Chrome/99.0.4844.51 Safari/537.36`, 'legacy'],
    ['360 on 86', `${WINDOWS} Chrome/86.0.4240.198 Safari/537.36 QIHU 360SE`, 'legacy'],
    ['Qianxin on 78', `${WINDOWS} Chrome/78.0.3904.108 Safari/537.36 Qaxbrowser`, 'legacy'],
    ['360 on 63', `${WINDOWS} Chrome/63.0.3239.132 Safari/537.36 QIHU 360SE`, 'none'],
    [
      'headless 78',
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/78.0.3882.0 Safari/537.36',
      'legacy',
    ],
    ['Edge of today', `${WINDOWS} Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0`, 'modern'],
    ['Edge before Chromium', `${WINDOWS} Chrome/70.0.3538.102 Safari/537.36 Edge/18.18363`, 'none'],
    ['Internet Explorer 11', 'Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko', 'none'],
    ['Internet Explorer 8', 'Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)', 'none'],
    ['Firefox 128', 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'modern'],
    ['Firefox 91', 'Mozilla/5.0 (Windows NT 10.0; rv:91.0) Gecko/20100101 Firefox/91.0', 'legacy'],
    [
      'Safari 17 on a phone',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      'modern',
    ],
    ['a program', 'curl/8.5.0', 'modern'],
    ['nobody', undefined, 'modern'],
  ])('%s', (_what, userAgent, build) => {
    expect(pageBuildFor(userAgent)).toBe(build);
  });
});

import type { NameLang } from '../../../common/codeNames.ts';

/** What files of reports say besides the report itself. */
export const FILE_WORDS: Record<
  NameLang,
  {
    /** Ends a sentence. */
    stop: string;
    madeAt: string;
    late: (due: string) => string;
    digest: string;
    howReckoned: string;
    summary: string;
    colon: string;
  }
> = {
  'zh-CN': {
    stop: '。',
    madeAt: '生成时间',
    late: (due) => `本报告应于${due}生成，因当时系统未运行，补制于此时`,
    digest: '数据摘要（SHA-256）',
    howReckoned: '算式',
    summary: '综述',
    colon: '：',
  },
  en: {
    stop: '.',
    madeAt: 'Made',
    late: (due) => `This report was due at ${due} and was made late, as the system was not running then`,
    digest: 'Digest of the data (SHA-256)',
    howReckoned: 'How reckoned',
    summary: 'Summary',
    colon: ': ',
  },
};

/** What every file of a report says of how it was made. */
export interface Making {
  /** RFC 3339. */
  madeAt: string;
  /** Of the frozen situation. */
  digest: string;
  /** When a schedule would have had it, where it was made late. RFC 3339. */
  lateSince?: string;
}

const minute = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 16)}`;

/** Lines at the end of a report: by when it was made, and of what. */
export function makingLines({ madeAt, digest, lateSince }: Making, lang: NameLang): string[] {
  const words = FILE_WORDS[lang];
  return [
    ...(lateSince === undefined ? [] : [`${words.late(minute(lateSince))}${words.stop}`]),
    `${words.madeAt}${words.colon}${minute(madeAt)}`,
    `${words.digest}${words.colon}${digest}`,
  ];
}

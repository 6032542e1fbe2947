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
    lists: string;
    /** Beside the code on each sheet: what it opens. */
    scan: string;
    /** The same where no address of the site is set: the code holds a path. */
    scanPath: string;
    shortDigest: string;
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
    lists: '冻结清单',
    scan: '扫码查看本报告冻结的清单',
    scanPath: '码中为冻结清单在本系统内的路径（系统未设置对外网址）',
    shortDigest: '摘要',
  },
  en: {
    stop: '.',
    madeAt: 'Made',
    late: (due) => `This report was due at ${due} and was made late, as the system was not running then`,
    digest: 'Digest of the data (SHA-256)',
    howReckoned: 'How reckoned',
    summary: 'Summary',
    colon: ': ',
    lists: 'Frozen lists',
    scan: 'Scan for the frozen lists behind this report',
    scanPath: 'The code holds the path of the frozen lists on this site (its address is not set)',
    shortDigest: 'Digest',
  },
};

/** What every file of a report says of how it was made. */
export interface Making {
  /** RFC 3339. */
  madeAt: string;
  /** Of the frozen situation. */
  digest: string;
  /** Where the lists behind the report are shown: an address, or the path on this site where none is set. */
  address: string;
  /** When a schedule would have had it, where it was made late. RFC 3339. */
  lateSince?: string;
}

export const minute = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 16)}`;

/** Lines at the end of a report: by when it was made, and of what. */
export function makingLines({ madeAt, digest, address, lateSince }: Making, lang: NameLang): string[] {
  const words = FILE_WORDS[lang];
  return [
    ...(lateSince === undefined ? [] : [`${words.late(minute(lateSince))}${words.stop}`]),
    `${words.madeAt}${words.colon}${minute(madeAt)}`,
    `${words.digest}${words.colon}${digest}`,
    `${words.lists}${words.colon}${address}`,
  ];
}

/** What stands beside the code of each sheet, a line each. */
export function codeLines({ address, digest }: Making, lang: NameLang): string[] {
  const words = FILE_WORDS[lang];
  return [address.startsWith('/') ? words.scanPath : words.scan, `${words.shortDigest} ${digest.slice(0, 16)}`];
}

import type { Channel, Industry, Platform, Stage, Tier, Verdict } from '../contract/codes.ts';

/** Names of the codes of alerts, for the pages and for files that leave the program. */

export const NAME_LANGS = ['zh-CN', 'en'] as const;
export type NameLang = (typeof NAME_LANGS)[number];

export interface CodeNames {
  tiers: Record<Tier, string>;
  stages: Record<Stage, string>;
  industries: Record<Industry, string>;
  channels: Record<Channel, string>;
  verdicts: Record<Verdict, string>;
  platforms: Record<Platform, string>;
}

export const CODE_NAMES: Record<NameLang, CodeNames> = {
  'zh-CN': {
    tiers: {
      red: '红色',
      orange: '橙色',
      yellow: '黄色',
      blue: '蓝色',
    },
    stages: {
      raised: '待交派',
      dispatched: '待受理',
      accepted: '处置中',
      handled: '待审核',
      audited: '待归档',
      closed: '已办结',
    },
    industries: {
      A: '农、林、牧、渔业',
      B: '采矿业',
      C: '制造业',
      D: '电力、热力、燃气及水生产和供应业',
      E: '建筑业',
      F: '批发和零售业',
      G: '交通运输、仓储和邮政业',
      H: '住宿和餐饮业',
      I: '信息传输、软件和信息技术服务业',
      J: '金融业',
      K: '房地产业',
      L: '租赁和商务服务业',
      M: '科学研究和技术服务业',
      N: '水利、环境和公共设施管理业',
      O: '居民服务、修理和其他服务业',
      P: '教育',
      Q: '卫生和社会工作',
      R: '文化、体育和娱乐业',
      S: '公共管理、社会保障和社会组织',
      T: '国际组织',
    },
    channels: {
      water: '水费欠缴',
      electricity: '电费欠缴',
      'social-insurance': '社保欠缴',
      petition: '信访投诉',
      penalty: '行政处罚',
      construction: '在建工程',
      'wage-account': '工资专户',
      litigation: '涉诉涉执',
      dishonest: '失信被执行',
      opinion: '网络舆情',
      tax: '税费欠缴',
      hotline: '12345 热线',
      grid: '网格上报',
      arbitration: '劳动仲裁',
      layoff: '异常减员',
      other: '其他来源',
    },
    verdicts: {
      effective: '有效预警',
      'false-alarm': '误报',
    },
    platforms: {
      'four-platforms': '基层治理四平台',
      'tri-colour': '三色预警平台',
      other: '其他平台',
    },
  },
  en: {
    tiers: {
      red: 'Red',
      orange: 'Orange',
      yellow: 'Yellow',
      blue: 'Blue',
    },
    stages: {
      raised: 'To dispatch',
      dispatched: 'To accept',
      accepted: 'In progress',
      handled: 'To review',
      audited: 'To file',
      closed: 'Closed',
    },
    industries: {
      A: 'Agriculture, forestry and fishery',
      B: 'Mining',
      C: 'Manufacturing',
      D: 'Power, heat, gas and water supply',
      E: 'Construction',
      F: 'Wholesale and retail',
      G: 'Transport, storage and post',
      H: 'Hotels and catering',
      I: 'Software and information technology',
      J: 'Finance',
      K: 'Real estate',
      L: 'Leasing and business services',
      M: 'Research and technical services',
      N: 'Water, environment and public facilities',
      O: 'Resident services and repair',
      P: 'Education',
      Q: 'Health and social work',
      R: 'Culture, sports and entertainment',
      S: 'Public administration and social organisations',
      T: 'International organisations',
    },
    channels: {
      water: 'Water arrears',
      electricity: 'Power arrears',
      'social-insurance': 'Social insurance',
      petition: 'Petitions',
      penalty: 'Penalties',
      construction: 'Construction',
      'wage-account': 'Wage accounts',
      litigation: 'Litigation',
      dishonest: 'Blacklisted',
      opinion: 'Public opinion',
      tax: 'Tax arrears',
      hotline: 'Hotline 12345',
      grid: 'Grid reports',
      arbitration: 'Arbitration',
      layoff: 'Lay-offs',
      other: 'Other sources',
    },
    verdicts: {
      effective: 'Effective',
      'false-alarm': 'False alarm',
    },
    platforms: {
      'four-platforms': 'Four Platforms (grassroots)',
      'tri-colour': 'Tri-colour platform',
      other: 'Other platform',
    },
  },
};

import { randomFrom } from './frames.ts';

/** A reason as somebody might write it, and what in it nobody may see. */
export interface Reason {
  text: string;
  enterprise: string;
  project: string;
  /** As letters and digits alone. */
  secrets: string[];
}

const PLACES = ['杭州', '杭州余杭', '余杭', '浙江', '浙江省杭州市', '宁波', '菏泽', '杭州市余杭区', ''];
const TOWNS = ['', '（良渚）', '(瓶窑)', '（中国）'];
const CORES = ['宏达', '鑫隆', '天翔', '瑞祥鸿', '永固', '振华兴', '恒昇', '聚力', '博远', '森淼', '嘉禾源'];
const TRADES = ['建筑', '建筑劳务', '餐饮', '服饰', '装饰工程', '物流', '电子科技', '机械制造'];
const KINDS = ['有限公司', '有限责任公司', '厂', '经营部', '股份有限公司', '店'];
const FAMILIES = ['王', '李', '张', '刘', '陈', '欧阳', '吴', '徐', '孙', '朱', '郭', '郑'];
const GIVEN = ['建军', '小龙', '秀英', '娜娜', '志强', '伟', '桂兰', '三'];
const OTHERS = [
  '阿依古丽',
  '买买提·艾力',
  '古丽娜尔',
  '扎西次仁',
  '吾买尔',
  '玛依拉',
  '热娜古丽',
  '艾克拜尔·玉素甫',
  '帕尔哈提',
  '阿不都热合曼',
  '木拉提',
];
const BEFORE = ['工人', '联系人', '班组长', '民工', '负责人：', '投诉人', '农民工'];
const AFTER = ['反映', '等3人', '来电', '，', '被欠薪', ''];
const MIDDLES = ['拖欠工资三个月', '用电量下降 45%', '社保欠缴 3 个月', '已上访两次', '项目停工'];
/** What people and programs put between characters. */
const BETWEEN = [
  '',
  '',
  '',
  ' ',
  '\u200b',
  '\u00ad',
  '-',
  '·',
  '/',
  '\ufeff',
  '　',
  '_',
  '.',
  '、',
  ' - ',
  '\u2060',
  '｜',
];

export function reasonOf(seed: number): Reason {
  const random = randomFrom(seed);
  const one = <T>(list: readonly T[]): T => list[Math.floor(list.length * random())]!;
  const digits = (count: number) => Array.from({ length: count }, () => Math.floor(10 * random())).join('');
  const core = one(CORES);
  const enterprise = `${one(PLACES)}${one(TOWNS)}${core}${one(TRADES)}${one(KINDS)}`;
  const project = `${one(PLACES)}${one(CORES)}${one(['小区', '安置房项目', '二期工程'])}`;
  const secrets: string[] = [];

  const disguised = (text: string, between = one(BETWEEN)) => [...text].join(between);
  const named = () => {
    secrets.push(core);
    const brackets = (text: string) => (random() < 0.5 ? text.normalize('NFKC') : text);
    return one([
      () => brackets(enterprise),
      () => disguised(enterprise),
      () => `${core}${one(TRADES)}`,
      () => disguised(core),
      () => core,
      () => enterprise.replace(/(有限|股份).*/, ''),
      () => enterprise.replace(/[（(].*[）)]/, ''),
      () => `${[...core].join(one(BETWEEN))}公司`,
    ])();
  };
  const written = (number: string) => {
    secrets.push(number);
    const ways = [
      number,
      disguised(number),
      number.replace(/^(\d{3})(\d{4})(.*)$/, `$1${one(BETWEEN)}$2${one(BETWEEN)}$3`),
      number.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
      number.replace(/\d/g, (digit) => '〇一二三四五六七八九'[Number(digit)]!),
      number.replace(/\d/g, (digit) => '零壹贰叁肆伍陆柒捌玖'[Number(digit)]!),
      number.replace(/\d/g, (digit) => (random() < 0.5 ? digit : '零一二三四五六七八九'[Number(digit)]!)),
      number.replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit))),
      number.replace(/(\d{4})(?=\d)/g, '$1 '),
    ];
    return one(ways);
  };
  const phone = () =>
    `${one(['电话', '手机', '联系', '打'])}${one(['', ':', '：', ' '])}${written(`1${one(['3', '5', '7', '8', '9'])}${digits(9)}`)}`;
  const identity = () =>
    `身份证${one(['', '号', '：'])}${written(`3301${one(['06', '10'])}19${digits(2)}0${1 + Math.floor(9 * random())}1${digits(4)}${one([digits(1), 'X'])}`)}`;
  const card = () => `卡号${one(['', ' ', '：'])}${written(`6222${digits(15)}`)}`;
  const person = () => {
    const other = random() < 0.4;
    const name = other ? one(OTHERS) : one(FAMILIES) + one(GIVEN);
    secrets.push(name.replace('·', ''));
    return `${one(BEFORE)}${name}${one(AFTER)}`;
  };
  const parts = [named, phone, identity, card, person, () => one(MIDDLES), named];
  const count = 2 + Math.floor(4 * random());
  const text = Array.from({ length: count }, () => one(parts)()).join(one(['，', ',', '。', '；', ' ']));
  return { text, enterprise, project, secrets };
}

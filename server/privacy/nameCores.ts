import { lowerOf, plainText, skeletonOf, without } from './plainText.ts';

/** What a name of an enterprise or project is made of beside its core: kind of company, industry, and what anybody may be called. */
const GENERIC = `
有限责任公司 股份有限公司 有限公司 股份公司 分公司 子公司 总公司 公司 集团 控股 股份 有限 责任 普通合伙 特殊普通合伙 有限合伙 合伙企业 合伙 个体工商户
工厂 总厂 分厂 商行 商店 经营部 服务部 门市部 工作室 事务所 研究院 研究所 合作社 专业合作社 联合社 中心 分店 总店 门店 超市 餐厅 饭店 酒店 宾馆 酒楼 食堂
建筑 建设 建工 建材 工程 施工 劳务 分包 装饰 装修 装潢 安装 市政 园林 绿化 景观 路桥 公路 桥梁 水利 水电 消防 钢结构 幕墙 防水 保温 机电 设备 机械 五金 模具
餐饮 食品 服饰 服装 制衣 纺织 针织 印染 皮革 鞋业 家具 家居 木业 塑料 橡胶 化工 医药 医疗 器械 电子 电器 电气 光电 半导体 通信 通讯 网络 信息 软件 数据 智能
科技 技术 材料 新材料 能源 新能源 环保 环境 贸易 商贸 进出口 电子商务 商务 物流 运输 货运 快递 仓储 供应链 汽车 汽修 房地产 置业 地产 物业 管理 咨询 顾问 服务 家政 保洁 保安
人力资源 人才 劳动 派遣 外包 文化 传媒 广告 教育 培训 体育 健身 旅游 农业 农产品 种植 养殖 畜牧 矿业 冶金 金属 钢铁 制造 制品 加工 实业 产业 发展 开发 投资 企业 国际
项目部 项目 标段 地块 小区 安置房 保障房 一期 二期 三期 四期 五期 住宅 厂房 改造 配套 工地 总承包 第一 第二 第三 第四 第五 第六
`
  .trim()
  .split(/\s+/);
/** What is taken out of a name to find its core. @param places names of places */
export function genericWords(places: readonly string[]): RegExp {
  const words = [...GENERIC, ...places].sort((a, b) => b.length - a.length);
  return new RegExp(words.map((word) => word.replace(/[^\p{L}\p{N}]/gu, '\\$&')).join('|'), 'gu');
}

/** Characters that are no core alone: what is left of 杭州市 without 杭州. */
const EDGES = /^[省市区县镇乡村街道路号的与和及厂店部行社队场馆院]+$/u;
/** Shorter Latin words are as often another one. */
const LATIN_FROM = 3;
const LATIN = /^[a-z0-9]+$/;
const GENERIC_LATIN = new Set(
  'co ltd inc llc corp company limited group the and china tech technology trading'.split(' '),
);

/** The letters of a name, and where its cores begin and end in them. */
export interface NameCores {
  readonly letters: readonly string[];
  /** Pairs of characters, or words, that give the name away. */
  readonly cores: readonly (readonly [from: number, to: number])[];
}

/**
 * What of a name tells whose it is: what is left without places, industries and kinds of company. Any two characters of it
 * that stand together give it away; a single one does with its neighbour; and where nothing is left, the whole name but for its legal form. @param generic what `genericWords` gives
 */
export function coresOf(name: string, generic: RegExp): NameCores {
  const plain = plainText(name);
  const { letters } = skeletonOf(plain);
  const cores: [number, number][] = [];
  let at = 0;
  for (const part of plain.split(/[^\p{L}\p{N}]+/u)) {
    for (const { run, start } of distinctive(lowerOf(part), generic)) {
      const first = at + start;
      if (LATIN.test(run)) {
        if (run.length >= LATIN_FROM && !GENERIC_LATIN.has(run)) cores.push([first, first + run.length]);
        continue;
      }
      const size = [...run].length;
      for (let i = 0; i + 2 <= size; i++) cores.push([first + i, first + i + 2]);
      if (size > 1) continue;
      if (first > 0) cores.push([first - 1, first + 1]);
      if (first + 1 < letters.length) cores.push([first, first + 2]);
    }
    at += skeletonOf(part).letters.length;
  }
  if (!cores.length && letters.length > 1) cores.push([0, withoutForm(letters)]);
  return { letters, cores };
}

/** What an enterprise is by law: nobody says it. */
const FORM = /(?:集团)?(?:股份有限|有限责任|有限|股份)?(?:公司)?$/u;

/** How many letters of a name come before its legal form, or all of them where that leaves hardly any. */
function withoutForm(letters: readonly string[]): number {
  const said = [...letters.join('').replace(FORM, '')].length;
  return said > LATIN_FROM ? said : letters.length;
}

/** The runs of a part of a name that are neither a place nor generic, and where they begin, in letters. */
function distinctive(part: string, generic: RegExp): { run: string; start: number }[] {
  const left = part.replace(generic, (word) => '\0'.repeat([...word].length));
  const runs: { run: string; start: number }[] = [];
  for (const { 0: run, index } of left.matchAll(/[a-z0-9]+|[^\0a-z0-9]+/gu))
    if (!EDGES.test(run)) runs.push({ run, start: [...left.slice(0, index)].length });
  return runs;
}

/**
 * Takes the core out of a plain text wherever it is written, whatever stands between its characters, with what of the name is around it.
 * Text and name are laid against each other at every offset once: a stretch in which they agree is taken out where a core lies in it.
 * So it takes letters of the text times letters of the name, also for a text and a name that are one character again and again.
 */
export function withoutName(text: string, { letters: name, cores }: NameCores): string {
  const { letters, at } = skeletonOf(text);
  const numbers = new Map<string, number>();
  const numbered = (of: readonly string[]) =>
    Int32Array.from(of, (letter) => {
      const known = numbers.get(letter) ?? numbers.size;
      numbers.set(letter, known);
      return known;
    });
  const inText = numbered(letters);
  const inName = numbered(name);
  // Where the first core ends of those that begin here or later.
  const firstEnd = new Int32Array(name.length + 1).fill(name.length + 1);
  for (const [from, to] of cores) firstEnd[from] = Math.min(firstEnd[from]!, to);
  for (let i = name.length - 1; i >= 0; i--) firstEnd[i] = Math.min(firstEnd[i]!, firstEnd[i + 1]!);
  const ranges: [number, number][] = [];
  for (let offset = 1 - name.length; offset < letters.length; offset++) {
    const end = Math.min(name.length, letters.length - offset);
    let begins = Math.max(0, -offset);
    for (let i = begins; i <= end; i++) {
      if (i < end && inText[i + offset] === inName[i]) continue;
      if (firstEnd[begins]! <= i) {
        const last = i - 1 + offset;
        ranges.push([at[begins + offset]!, at[last]! + letters[last]!.length - 1]);
      }
      begins = i + 1;
    }
  }
  return without(text, ranges);
}

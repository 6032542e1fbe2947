/**
 * Names of persons: those that a word beside them, their family name or their form gives away. Meant to take too much rather
 * than too little; no program knows every name. @param text plain (plainText.ts)
 */
export function maskPersons(text: string): string {
  let masked = text
    .replace(DOTTED, NAMELESS)
    .replace(TRANSCRIBED, (found) => (isWritten(found) ? NAMELESS : found))
    .replace(TIBETAN, NAMELESS)
    .replace(FOREIGN, NAMELESS)
    .replace(CALLED, NAMELESS)
    .replace(NUMBERED, (found) => (found.startsWith('周') ? found : NAMELESS));
  for (const pattern of NAMED)
    masked = masked.replace(pattern, (found, before: string, name: string, after: string) =>
      COMMON.has(name) ? found : `${before}${NAMELESS}${after}`,
    );
  return bySegments(
    masked.replace(BETWEEN, (found) => (NO_PERSON.test(found) || segmentsOf(found).length === 1 ? found : NAMELESS)),
  );
}

const NAMELESS = '某某';

/** The most frequent family names, which cover nine of ten people; those of two characters first. */
const DOUBLE = '欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 端木 南宫'.split(' ');
const SINGLE =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤俞章鲍柳葛岑倪施柯柴';
const NAME = `(?:${DOUBLE.join('|')}|[${SINGLE}])\\p{Script=Han}{1,2}?`;
/** Words after which a name follows, and words that follow one. */
const BEFORE =
  '(?:姓名|联系人|负责人|法定代表人|法人代表|法人|代表人|班组长|包工头|工头|经办人|投诉人|举报人|申请人|当事人|受害人|反映人|报案人|农民工|民工|工人|职工|员工|老板|名叫|叫做|经理|会计|队长|组长|工友|家属|代理人|控制人|实控人|承包人|分包人|带班人(?!员)|劳务员|老板娘|股东|监护人|来访人|来电人|信访人|上访人|户主|房东|店主|厂长|店长|董事长)';
const AFTER =
  '(?:先生|女士|小姐|同志|师傅|老板|经理|队长|组长|班长|主任|会计|工长|老师|等\\d*[名位人]|反映|投诉|举报|来电|来访|称|表示)';
/** What may come after a name without being a word for a person: before one of these a third character is still the name's. */
const THEN =
  '(?:失联|失踪|逃|出逃|跑|已|未|仍|不|拒|承认|否认|说|讲|欠|拖欠|卷款|携款|电话|手机|手下|名下|带领|带|等|及|和|与|因|在|向|到)';
const NOT_HAN = '(?!\\p{Script=Han})';
const WHOLE_NAME = `(?:${DOUBLE.join('|')}|[${SINGLE}])\\p{Script=Han}(?:\\p{Script=Han}(?=${AFTER}|${THEN}|${NOT_HAN}))?`;
const NAMED = [
  new RegExp(`(${BEFORE}[:为是叫]?\\s*)(${WHOLE_NAME}|\\p{Script=Han}{2,3}(?=[,，。;；、(（\\s]|$))()`, 'gu'),
  new RegExp(`()(${NAME})(${AFTER})`, 'gu'),
  new RegExp(`()([${SINGLE}][某*]{1,2})()`, 'gu'),
  // Latin letters: two capitalised words after a word for a person.
  /(\b(?:Mr|Ms|Mrs|Mx|Dr|contact|worker|foreman|manager|owner)\.?:?\s+)([A-Z][\w'-]+(?:\s+[A-Z][\w'-]+){0,2})()/giu,
];
/** Words that follow those of `BEFORE` to the end of a clause and are no names. */
const COMMON = new Set(
  '变更 失联 失踪 逃匿 出逃 逃跑 在场 在逃 更换 外出 否认 承认 承诺 答应 拒绝 到场 到案 出面 离职 离岗 返岗 停工 复工 讨薪 聚集 上访 工资 食堂 宿舍 大会 拖欠 支付 垫付 未付 欠付 不付 代付 欠款 结清 跑路 跑了 到位 配合 协商 退场 进场 撤场 负责 同意 反映 投诉 举报 死亡 被抓 被拘 服刑 住院 破产 代表 名册 花名册 合同 社保 考勤 人数 总数 欠薪 数量 名单 信息 不详 不明'.split(
    ' ',
  ),
);
/** 买买提·艾力 */
const DOTTED = /\p{Script=Han}{1,6}(?:[·•‧・∙⋅]\p{Script=Han}{1,6})+/gu;
/** Characters in which names of other languages are written: 阿依古丽, 吾买尔. */
const SYLLABLES =
  '[阿艾爱卜布杜迪丽古热巴娜尔玛麦买卖提依伊吾素甫苏孜肉吐图逊瓦尼努亚合江帕沙莎拉希克科穆萨米吉扎卓旦央宗桑达洛索朗措木哈曼赛凯]';
const TRANSCRIBED = new RegExp(`阿[卜不布][都杜]${SYLLABLES}{1,6}|${SYLLABLES}{3,8}`, 'gu');
const TIBETAN =
  /(?:扎西|卓玛|次仁|旦增|央宗|罗桑|格桑|洛桑|索朗|平措|巴桑|仁青|拉姆|央金|德吉|曲珍|多吉|嘉措|尼玛|达瓦){1,3}/gu;
/** 张三, 李四; 周三 is a day. */
const NUMBERED = new RegExp(
  `[王李张刘陈杨黄赵吴周徐孙朱胡郭罗郑谢宋唐许韩冯邓曹彭曾肖董潘钱][一二三四五六七八九](?!\\p{Script=Han}?[万千百十天日月年个名人])(?:\\p{Script=Han}(?=${AFTER}))?`,
  'gu',
);

/** Names in letters of other scripts, and capitalised words in Latin ones before what a person does. */
const OTHER_LETTER = "(?:(?![\\p{Script=Han}\\p{Script=Latin}])\\p{L}[\\p{M}'’ʼ]*)";
const FOREIGN = new RegExp(
  `${OTHER_LETTER}{2,}(?:\\s+${OTHER_LETTER}{2,})*|\\p{Lu}[\\p{Ll}'’]+(?:[ -]\\p{Lu}\\p{Ll}*){1,3}(?=\\s*(?:${AFTER}|${THEN}))`,
  'gu',
);

/** Family names that are as often another word by themselves: only with a word beside them are they a name. */
const AMBIGUOUS = new Set('于向任何高江白金方石万程严章施田马龙毛武余'.split(''));
/** 老张, 小李, 阿强: of ambiguous family names, and after 阿, where a word follows that tells of a person. */
const CALLED = new RegExp(
  `[老小][${SINGLE}](?=${AFTER}|${THEN})|[老小][${[...SINGLE].filter((one) => !AMBIGUOUS.has(one)).join('')}](?=${NOT_HAN})|阿\\p{Script=Han}(?=${AFTER}|${THEN})`,
  'gu',
);
/** Less frequent family names, which are other words as well: before one or two characters and a word that follows a name. */
const RARE = new Set(
  '单解查仇盖牛苗米关尤甘占连裴麻楼褚蓝齐路鲁舒屈祝梁阮季贝伏戴谈宋茅庞纪阎骆温闫聂岳耿焦左毕安常乔温康齐邢游童颜涂凌霍虞卞鄢佘娄'.split(
    '',
  ),
);
const AFTER_NAME = new RegExp(`^${AFTER}`, 'u');
const words = new Intl.Segmenter('zh', { granularity: 'word' });
const segmentsOf = (text: string): string[] => [...words.segment(text)].map(({ segment }) => segment);
const HAN = /^\p{Script=Han}+$/u;

/** Whether the dictionary knows no word in it: 阿克苏 is one, 阿依古丽 falls apart. */
function isWritten(found: string): boolean {
  return segmentsOf(found).filter((part) => part.length === 1).length >= 2;
}

/** Single characters that begin or go on with something else than a name. */
const NO_NAME = new Set(
  '的了被已未等在和与及或对向为是有无没不均共各多每其也都就又还将把给让说称要去来到从因由且人者们名位个月日年元万千百十内外前后上下中间再仍拟只可能会应需须欠薪讨付发领拿停罢闹劳务数工资社保款钱方班组住吃回返进入离开走做干找约谈签订至经该此以并但如若即则按照据'.split(
    '',
  ),
);
/** Longest name of which each character stands alone. */
const LONGEST = 5;
const ENDS_IN_PERSON = new RegExp(`${BEFORE}[:为是叫]?\\s*$`, 'u');

/**
 * Names without a word that tells them: where the dictionary of the segmenter finds a family name standing alone before one
 * or two characters, or characters that make no word after a word for a person.
 */
function bySegments(text: string): string {
  const parts = segmentsOf(text);
  let masked = '';
  for (let i = 0; i < parts.length; i++) {
    const used =
      namedByContext(parts, i, masked) ||
      familyName(parts, i) ||
      rareName(parts, i) ||
      (ENDS_IN_PERSON.test(masked) ? strangeName(parts, i) : 0);
    masked += used ? NAMELESS : parts[i]!;
    i += Math.max(0, used - 1);
  }
  return masked;
}

/** What after a family name is no given one: 李投诉, 付了. */
const TELLS = /^(?:反映|投诉|举报|来电|来访|[了的被已未]$)/u;

/** How many parts from `at` on are a family name and a given one; 0 for none. */
function familyName(parts: readonly string[], at: number): number {
  const part = parts[at]!;
  if (!DOUBLE.includes(part) && !(part.length === 1 && SINGLE.includes(part) && !AMBIGUOUS.has(part))) return 0;
  let used = 0;
  let given = 0;
  while (used < 2) {
    const next = parts[at + 1 + used];
    if (next === undefined || given + next.length > 2 || !HAN.test(next) || TELLS.test(next) || COMMON.has(next)) break;
    given += next.length;
    used++;
  }
  return used && used + 1;
}

/** What is done by persons alone, or said of them alone, after their name. */
const OF_PERSON =
  /^(?:带班|手下|班组|承包的|所欠|名下|打工|[,(] ?(?:男|女|电话|手机|身份证|联系|包工头|工头|项目经理|班组长|法人|老板|负责人|\d+岁))/u;
/** Words before the name of a person, whatever follows. */
const TO_PERSON =
  /(?:户名|收款人|昵称|死者|伤者|[分转承]包给|跟[着随]|老板[是叫]|班组|被告|原告|担保人|妻子|丈夫|儿子|女儿|父亲|母亲)[:为是叫]? ?$/u;
/** Words before and after one, which each stand beside anything else as well; a name lies between them whatever the dictionary makes of it. */
const BETWEEN = new RegExp(
  `(?<=[由与和据向给欠找跟同对被]|联系|约谈)[${SINGLE}]\\p{Script=Han}{1,2}(?=承担|负责|讲|说|称|讨薪|讨要|索要|干活|做工|打工|核实|联系|协商|签订|工资|工钱|劳务费|个人|约谈|沟通|垫付|支付|担保|带领)`,
  'gu',
);
/** Words before one that ends the clause. */
const REACHED = /(?:联系|约谈|[找给])$/u;
const CLAUSE_ENDS = /^(?:$|[,。;(])/u;
/** Last characters of offices and places: 高新区 is no person. */
const NO_PERSON = /[省市区县镇乡村路街局院所部司厂店行队站方]$/u;

/**
 * How many parts from `at` on are a family name, also one that is another word or begins one (王子轩, 石开心), with a given one
 * where what stands beside them tells of a person; 0 for none. What the dictionary knows as one word (施工) is none.
 */
function namedByContext(parts: readonly string[], at: number, before: string): number {
  if (!SINGLE.includes(parts[at]![0]!)) return 0;
  let name = parts[at]!;
  for (let used = 2; used <= 3; used++) {
    const next = parts[at + used - 1];
    if (next === undefined || !HAN.test(next) || NO_NAME.has(next) || (name += next).length > 3) return 0;
    if (NO_PERSON.test(name)) continue;
    const after = parts.slice(at + used, at + used + 6).join('');
    if (OF_PERSON.test(after) || (REACHED.test(before) && CLAUSE_ENDS.test(after))) return used;
    const goesOn = name.length < 3 && parts[at + used]?.length === 1 && HAN.test(parts[at + used]!);
    if (TO_PERSON.test(before) && !(goesOn && !NO_NAME.has(parts[at + used]!))) return used;
  }
  return 0;
}

/** How many parts from `at` on are a rarer family name and a given one, before a word that follows a name; 0 for none. */
function rareName(parts: readonly string[], at: number): number {
  if (!RARE.has(parts[at]!)) return 0;
  let given = 0;
  for (let used = 1; used <= 2; used++) {
    const next = parts[at + used];
    if (next === undefined || !HAN.test(next) || NO_NAME.has(next) || (given += next.length) > 2) return 0;
    if (AFTER_NAME.test(parts.slice(at + used + 1, at + used + 3).join(''))) return used + 1;
  }
  return 0;
}

/** How many parts from `at` on are characters that make no word: two or more, 0 for none. */
function strangeName(parts: readonly string[], at: number): number {
  let used = 0;
  while (used < LONGEST) {
    const next = parts[at + used];
    if (next === undefined || next.length > 1 || !HAN.test(next) || NO_NAME.has(next)) break;
    used++;
  }
  return used >= 2 && !COMMON.has(parts.slice(at, at + used).join('')) ? used : 0;
}

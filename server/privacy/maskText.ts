/**
 * Free text without what would name a person: phones, identity and account numbers, addresses of e-mail, names. Meant to
 * take too much rather than too little; a name that neither a word beside it nor its family name gives away is missed, so
 * notes are not shown to displays at all. Pure.
 */
export function maskText(text: string): string {
  // Full-width digits and letters are the same to a reader.
  let masked = text.normalize('NFKC').replace(/[\p{Cf}\p{Cc}]/gu, '');
  masked = masked
    .replace(MAIL, '***')
    .replace(CODE, '***')
    .replace(NUMBER, (found) => (DATE.test(found) ? found : '***'));
  for (const pattern of NAMED)
    masked = masked.replace(pattern, (_found, before: string, _name: string, after: string) => `${before}某某${after}`);
  return withoutFamilyNames(masked);
}

const MAIL = /[\w.+-]+@[\w-]+(\.[\w-]+)+/g;
/** Unified social credit codes and identity numbers, which end in letters. */
const CODE = /(?<![0-9A-Za-z])(?=[0-9A-Za-z]*\d{6})[0-9A-Za-z]{15,20}(?![0-9A-Za-z])/g;
/** Digits with what people put between them: seven or more are a phone or an account, not an amount with its separators. */
const NUMBER = /\+?\d(?:[ \-–—·.()]{0,2}\d){6,24}/g;

const DATE = /^(?:19|20)\d\d[-.](?:0?[1-9]|1[0-2])[-.](?:0?[1-9]|[12]\d|3[01])$/;

/** The most frequent family names, which cover nine of ten people; those of two characters first. */
const DOUBLE = [
  '欧阳',
  '司马',
  '上官',
  '诸葛',
  '东方',
  '皇甫',
  '尉迟',
  '公孙',
  '慕容',
  '令狐',
  '司徒',
  '夏侯',
  '端木',
  '南宫',
];
const SINGLE =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤俞章鲍柳葛岑倪施柯柴';
const NAME = `(?:${DOUBLE.join('|')}|[${SINGLE}])\\p{Script=Han}{1,2}?`;
/** Words after which a name follows, and words that follow one. */
const BEFORE =
  '(?:姓名|联系人|负责人|法定代表人|法人代表|法人|代表人|班组长|包工头|工头|经办人|投诉人|举报人|申请人|当事人|受害人|民工|工人|职工|员工|老板|名叫|叫做|经理|会计|队长|组长)';
const AFTER =
  '(?:先生|女士|小姐|同志|师傅|老板|经理|队长|组长|班长|主任|会计|工长|老师|等\\d*[名位人]|反映|投诉|举报|来电|称|表示)';
const NAMED = [
  new RegExp(`(${BEFORE}[:为是叫]?\\s*)(${NAME}|\\p{Script=Han}{2,3}(?=[,，。;；、(（\\s]|$))()`, 'gu'),
  new RegExp(`()(${NAME})(${AFTER})`, 'gu'),
  new RegExp(`()([${SINGLE}][某*]{1,2})()`, 'gu'),
  // Latin letters: two capitalised words after a word for a person.
  /(\b(?:Mr|Ms|Mrs|Mx|Dr|contact|worker|foreman|manager|owner)\.?:?\s+)([A-Z][\w'-]+(?:\s+[A-Z][\w'-]+){0,2})()/giu,
];

/** Family names that are as often another word by themselves: only with a word beside them are they a name. */
const AMBIGUOUS = new Set('于向任何高江白金方石万程严章施田马龙毛武余'.split(''));
const words = new Intl.Segmenter('zh', { granularity: 'word' });

/** Names without any word beside them: where the dictionary of the segmenter finds a family name standing alone before one or two characters. */
function withoutFamilyNames(text: string): string {
  const parts = [...words.segment(text)].map(({ segment }) => segment);
  let masked = '';
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    const family = DOUBLE.includes(part) || (part.length === 1 && SINGLE.includes(part) && !AMBIGUOUS.has(part));
    let given = '';
    let used = 0;
    if (family) {
      while (
        used < 2 &&
        given.length + (parts[i + 1 + used]?.length ?? 9) <= 2 &&
        /^\p{Script=Han}+$/u.test(parts[i + 1 + used]!)
      )
        given += parts[i + 1 + used++]!;
    }
    if (given) {
      masked += '某某';
      i += used;
    } else {
      masked += part;
    }
  }
  return masked;
}

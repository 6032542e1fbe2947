/**
 * Names that many enterprises begin with and that tell nothing by themselves: provinces, and cities by the names that
 * people use. Those of districts and towns come from the region packs.
 */
const PLACES = `
中国 全国 北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海
内蒙古 广西 西藏 宁夏 新疆 台湾 香港 澳门
杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌 慈溪 余姚 诸暨 乐清 瑞安 海宁 桐乡 余杭 萧山 临平 富阳 临安 桐庐 淳安 建德
济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽
南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 昆山 江阴
合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城
福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德 南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶
郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店
武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底
广州 深圳 珠海 汕头 佛山 韶关 湛江 肇庆 江门 茂名 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮
成都 绵阳 德阳 宜宾 南充 泸州 达州 乐山 遂宁 内江 自贡 眉山 广安 资阳 雅安 巴中 广元 贵阳 遵义 昆明 曲靖 大理
西安 咸阳 宝鸡 渭南 汉中 安康 延安 榆林 商洛 兰州 西宁 银川 乌鲁木齐 拉萨 南宁 柳州 桂林 海口 三亚
石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 太原 大同 临汾 运城 沈阳 大连 鞍山 长春 哈尔滨 呼和浩特 包头
浦东 宝山 徐汇 闵行 嘉定 松江 青浦 奉贤 崇明 普陀 静安 长宁 黄浦 虹口 杨浦 金山
`
  .trim()
  .split(/\s+/);

/** Of a division's name as people say it: 良渚街道 is 良渚, 杭州市余杭区 is 杭州 and 余杭. */
function spoken(name: string): string[] {
  return name.split(/街道|[省市区县镇乡]/).filter((part) => part.length > 1);
}

/** @param divisions names of regions and towns */
export function placeNames(divisions: readonly string[]): string[] {
  return [...new Set([...PLACES, ...divisions, ...divisions.flatMap(spoken)])];
}

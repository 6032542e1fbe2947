/**
 * What people in China build passwords from, commonest first: the lists that come with zxcvbn are of English and of leaks
 * from elsewhere. In pinyin without tones, as it is typed.
 */
export const COMMON_WORDS: readonly string[] = `
woaini woaini1314 5201314 1314520 520520 7758521 7758258 woaini520 aini1314 iloveyou1314 a123456789 123456789a a5201314 woaini123
147258369 123456789 987654321 112233 168168 888888 666666 999999 147258 789456123 110110 119119 12306 10086 10010 1qaz2wsx qazwsxedc
nihao mima wodemima mimashi wobuzhidao caonima woshishui woaiwojia wojiushiwo buzhidao meimima zhimakaimen wangjimima
laopo laogong baobao baobei qinaide tianshi xiaobao dabao erbao mama baba meimei didi gege jiejie haha hehe xixi
zhongguo woaizhongguo beijing shanghai tianjin chongqing guangzhou shenzhen hangzhou nanjing wuhan chengdu xian suzhou ningbo wenzhou
jinan qingdao yantai weifang zhejiang jiangsu shandong guangdong fujian anhui hunan hubei henan hebei sichuan yunnan guizhou
yuhang linping xihu gongshu shangcheng binjiang xiaoshan fuyang linan tonglu chunan jiande qiantang liangzhu xixi pudong baoshan minhang
renshe renshebu renshetju laodong laojian jiancha zhifa xinfang qianxin gongzi nongmingong yujing jianguan zhongcai xinxi zhongxin
guanli guanliyuan admin administrator root test user guest system server oracle mysql huawei alibaba taobao tencent weixin wechat
baidu sina sohu netease alipay zhifubao dingding zhezhengding wagewatch
zhang wang li zhao liu chen yang huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng xie han tang feng yu dong xiao
cheng cao yuan deng fu shen zeng peng lv su lu jiang cai jia ding wei xue ye yan pan du dai xia zhong tian ren fan fang shi yao tan
liao zou xiong jin hao kong bai cui kang mao qiu qin gu hou shao meng long wan duan lei qian yin yi chang qiao lai gong wen
wei fang na xiuying min jing li qiang lei jun yang yong yan jie juan tao ming chao xiulan xia ping gang guiying hui ying hua yu
xin bo bin peng hao jian liang dan ting xue mei lin kai long fei feng jing hong bing xiang zhigang jianguo jianhua zhiqiang
zhangwei wangwei wangfang liwei lina zhangmin lijing wangjing liuwei wangxiuying zhangli lixiuying wangli zhangjing zhangxiuying
liqiang wangmin limin wanglei liuyang wangyan wangyong lijun zhangyong lijie zhangjie zhanglei wangqiang lijuan wangjun zhangyan
zhangtao wangtao liyan wangchao liming liyong wangjuan liujie liumin lixia lili zhangsan lisi wangwu zhaoliu zhouyu lifei
yiersan yiersansi shuai meinv shuaige dage laoda laoban jingli zhuren keyuan lingdao shuji juzhang kezhang
ai wo ni ta de shi bu yi er san qi ba jiu ling bai qian
`
  .trim()
  .split(/\s+/);

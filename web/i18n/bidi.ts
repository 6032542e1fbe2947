export { isolate } from '../../common/bidi.ts';

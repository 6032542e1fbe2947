import en from '../en/kiosk.json';
import { addTexts } from '../index.ts';
import zh from '../zh-CN/kiosk.json';

addTexts('kiosk', { 'zh-CN': zh, en });

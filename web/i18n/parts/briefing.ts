import en from '../en/briefing.json';
import { addTexts } from '../index.ts';
import zh from '../zh-CN/briefing.json';

addTexts('briefing', { 'zh-CN': zh, en });

import en from '../en/present.json';
import { addTexts } from '../index.ts';
import zh from '../zh-CN/present.json';

addTexts('present', { 'zh-CN': zh, en });

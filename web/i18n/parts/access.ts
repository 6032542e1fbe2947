import en from '../en/access.json';
import { addTexts } from '../index.ts';
import zh from '../zh-CN/access.json';

addTexts('access', { 'zh-CN': zh, en });

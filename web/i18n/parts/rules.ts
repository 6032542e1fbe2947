import en from '../en/rules.json';
import { addTexts } from '../index.ts';
import zh from '../zh-CN/rules.json';

addTexts('rules', { 'zh-CN': zh, en });

import en from '../en/oversight.json';
import { addTexts } from '../index.ts';
import zh from '../zh-CN/oversight.json';

addTexts('oversight', { 'zh-CN': zh, en });

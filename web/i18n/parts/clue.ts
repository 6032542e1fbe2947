import en from '../en/clue.json';
import { addTexts } from '../index.ts';
import zh from '../zh-CN/clue.json';

addTexts('clue', { 'zh-CN': zh, en });

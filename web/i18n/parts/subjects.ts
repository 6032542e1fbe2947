import en from '../en/subjects.json';
import { addTexts } from '../index.ts';
import zh from '../zh-CN/subjects.json';

addTexts('subjects', { 'zh-CN': zh, en });

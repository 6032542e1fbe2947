import en from '../en/desk.json';
import { addTexts } from '../index.ts';
import zh from '../zh-CN/desk.json';

addTexts('desk', { 'zh-CN': zh, en });

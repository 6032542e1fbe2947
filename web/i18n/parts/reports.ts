import en from '../en/reports.json';
import { addTexts } from '../index.ts';
import zh from '../zh-CN/reports.json';

addTexts('reports', { 'zh-CN': zh, en });

import en from '../en/calendar.json';
import { addTexts } from '../index.ts';
import zh from '../zh-CN/calendar.json';

addTexts('calendar', { 'zh-CN': zh, en });

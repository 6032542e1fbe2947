import en from '../en/connectors.json';
import { addTexts } from '../index.ts';
import zh from '../zh-CN/connectors.json';

addTexts('connectors', { 'zh-CN': zh, en });

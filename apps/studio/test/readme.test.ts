import { testReadme } from '@rodpo/testing';

testReadme(new URL('../', import.meta.url));

import * as transformers from '@xenova/transformers';
import { describeImages } from './describe-images.ts';
import { describeLoading } from './describe-loading.ts';
import { describeTexts } from './describe-texts.ts';

// One version a file, since each file is a process: onnxruntime 1.21 and 1.30 cannot share one.
describeLoading(transformers);
describeTexts(transformers);
describeImages(transformers);

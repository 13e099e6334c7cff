export * from '../../../tools/vendor/codemirror.js';

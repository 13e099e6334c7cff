// Lists the public members of TensorFlow.js's classes, as its declarations have them: node tests/tfjs/names_classes.mjs
import {writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {URL, fileURLToPath} from 'node:url';
import ts from 'typescript';

const packages = ['tfjs-core', 'tfjs-layers', 'tfjs-data', 'tfjs-converter'];
const require = createRequire(import.meta.url);
const files = packages.map((name) =>
  fileURLToPath(new URL(`../../node_modules/@tensorflow/${name}/dist/index.d.ts`, import.meta.url)),
);
const program = ts.createProgram(files, {skipLibCheck: true, noEmit: true, types: []});
const checker = program.getTypeChecker();
const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;

/** Whether a symbol is one of TensorFlow.js's classes. */
const isClass = (symbol) =>
  Boolean(
    symbol &&
    symbol.flags & ts.SymbolFlags.Class &&
    symbol.declarations?.[0]?.getSourceFile().fileName.includes('@tensorflow'),
  );

const classes = {};
/** Enters the public members of a class under its name, with the names by which it is made. */
const enter = (symbol, type, path) => {
  const known = (classes[symbol.name] ??= {members: [], paths: []});
  if (!known.paths.includes(path)) known.paths.push(path);
  known.members = checker
    .getPropertiesOfType(type)
    .filter((member) => !member.declarations?.some((each) => ts.getCombinedModifierFlags(each) & hidden))
    .map((member) => member.name)
    .filter((name) => !name.startsWith('_') && name !== 'prototype')
    .sort();
};

const visit = (symbol, path, depth) => {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const place = target.valueDeclaration ?? target.declarations?.[0];
  if (!place) return;
  if (isClass(target)) {
    enter(target, checker.getDeclaredTypeOfSymbol(target), path);
    return;
  }
  if (target.flags & ts.SymbolFlags.NamespaceModule || target.flags & ts.SymbolFlags.ValueModule) {
    if (depth < 2) {
      for (const each of checker.getExportsOfModule(target)) visit(each, `${path}.${each.name}`, depth + 1);
    }
    return;
  }
  const type = checker.getTypeOfSymbolAtLocation(target, place);
  for (const signature of type.getCallSignatures()) {
    let result = signature.getReturnType();
    if (result.symbol?.name === 'Promise') result = checker.getTypeArguments(result)[0] ?? result;
    if (isClass(result.symbol)) enter(result.symbol, result, path);
  }
  if (depth < 1 && type.symbol?.flags & (ts.SymbolFlags.ObjectLiteral | ts.SymbolFlags.TypeLiteral)) {
    for (const each of checker.getPropertiesOfType(type)) visit(each, `${path}.${each.name}`, depth + 1);
  }
};
for (const file of files) {
  for (const each of checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)))) {
    visit(each, each.name, 0);
  }
}
const version = require('@tensorflow/tfjs/package.json').version;
writeFileSync(new URL('classes.json', import.meta.url), JSON.stringify({version, classes}));

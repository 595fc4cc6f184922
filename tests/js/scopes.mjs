// Which names a script uses without anybody having declared them: what would be a ReferenceError in the browser.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const acorn = require("internal/deps/acorn/acorn/dist/acorn"); // node's own parser: run with --expose-internals

export const parse = (text) => acorn.parse(text, { ecmaVersion: "latest", sourceType: "script", locations: true });

const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);
const LOOPS = new Set(["ForStatement", "ForInStatement", "ForOfStatement"]);

function children(node) {
  return Object.values(node).flatMap((value) => (Array.isArray(value) ? value : [value]))
    .filter((value) => value && typeof value.type === "string");
}

/** Names a pattern binds: `{a, b: [c], ...d}` binds a, c, d. */
function bound(pattern) {
  if (!pattern) return [];
  if (pattern.type === "Identifier") return [pattern.name];
  if (pattern.type === "AssignmentPattern") return bound(pattern.left);
  if (pattern.type === "RestElement") return bound(pattern.argument);
  if (pattern.type === "ArrayPattern") return pattern.elements.flatMap(bound);
  return pattern.properties.flatMap((property) => bound(property.value || property.argument));
}

/** Names declared directly in the block `body`, and by `var` anywhere below it within the function. */
function declared(body) {
  const names = new Set();
  const look = (node, isDirect) => {
    if (node.type === "VariableDeclaration" && (isDirect || node.kind === "var")) {
      node.declarations.forEach((one) => bound(one.id).forEach((name) => names.add(name)));
    }
    if ((node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") && isDirect) names.add(node.id.name);
    if (!FUNCTIONS.has(node.type)) children(node).forEach((child) => look(child, false));
  };
  body.forEach((node) => look(node, true));
  return names;
}

/** True if the identifier at `key` of `parent` is a name of its own, not a reference. */
function isLabel(parent, node) {
  if (parent.type === "MemberExpression") return parent.property === node && !parent.computed;
  if (["Property", "MethodDefinition", "PropertyDefinition"].includes(parent.type)) {
    return parent.key === node && !parent.computed && parent.value !== node;
  }
  return ["LabeledStatement", "BreakStatement", "ContinueStatement"].includes(parent.type);
}

/** References of `text` that neither it nor `known` declares: [{name, line}]. */
export function undeclared(text, known) {
  const found = [];
  const visit = (node, parent, scopes) => {
    if (node.type === "Identifier") {
      if (!isLabel(parent, node) && !scopes.some((scope) => scope.has(node.name)) && !known.has(node.name)) {
        found.push({ name: node.name, line: node.loc.start.line });
      }
      return;
    }
    const inner = [...scopes, scopeOf(node)].filter(Boolean);
    children(node).forEach((child) => visit(child, node, inner));
  };
  visit(parse(text), null, []);
  return found;
}

function scopeOf(node) {
  if (FUNCTIONS.has(node.type)) {
    const own = node.body.type === "BlockStatement" ? declared(node.body.body) : new Set();
    return new Set(["arguments", ...(node.id ? [node.id.name] : []), ...node.params.flatMap(bound), ...own]);
  }
  if (node.type === "Program" || node.type === "BlockStatement") return declared(node.body);
  if (LOOPS.has(node.type)) return declared([node.init || node.left].filter(Boolean));
  if (node.type === "CatchClause") return new Set(bound(node.param));
  if (node.type === "SwitchStatement") return declared(node.cases.flatMap((one) => one.consequent));
  if (node.type === "ClassExpression" && node.id) return new Set([node.id.name]);
  return null;
}

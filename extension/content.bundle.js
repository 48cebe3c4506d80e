/*!
 * Made from extension/content/ by `npm run bundle` in tests/extension; edit it there.
 * It holds dom-accessibility-api 0.7.1:
 *
 * MIT License
 *
 * Copyright (c) 2020 Sebastian Silbermann
 *
 * Permission is hereby granted, free of charge, to any person obtaining a copy
 * of this software and associated documentation files (the "Software"), to deal
 * in the Software without restriction, including without limitation the rights
 * to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
 * copies of the Software, and to permit persons to whom the Software is
 * furnished to do so, subject to the following conditions:
 *
 * The above copyright notice and this permission notice shall be included in all
 * copies or substantial portions of the Software.
 *
 * THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
 * IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
 * FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
 * AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
 * LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
 * OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
 * SOFTWARE.
 */
(() => {
  // ../tests/extension/node_modules/dom-accessibility-api/dist/polyfills/array.from.mjs
  var toStr = Object.prototype.toString;
  function isCallable(fn) {
    return typeof fn === "function" || toStr.call(fn) === "[object Function]";
  }
  function toInteger(value) {
    var number = Number(value);
    if (isNaN(number)) {
      return 0;
    }
    if (number === 0 || !isFinite(number)) {
      return number;
    }
    return (number > 0 ? 1 : -1) * Math.floor(Math.abs(number));
  }
  var maxSafeInteger = Math.pow(2, 53) - 1;
  function toLength(value) {
    var len = toInteger(value);
    return Math.min(Math.max(len, 0), maxSafeInteger);
  }
  function arrayFrom(arrayLike, mapFn) {
    var C = Array;
    var items = Object(arrayLike);
    if (arrayLike == null) {
      throw new TypeError("Array.from requires an array-like object - not null or undefined");
    }
    if (typeof mapFn !== "undefined") {
      if (!isCallable(mapFn)) {
        throw new TypeError("Array.from: when provided, the second argument must be a function");
      }
    }
    var len = toLength(items.length);
    var A = isCallable(C) ? Object(new C(len)) : new Array(len);
    var k = 0;
    var kValue;
    while (k < len) {
      kValue = items[k];
      if (mapFn) {
        A[k] = mapFn(kValue, k);
      } else {
        A[k] = kValue;
      }
      k += 1;
    }
    A.length = len;
    return A;
  }

  // ../tests/extension/node_modules/dom-accessibility-api/dist/polyfills/SetLike.mjs
  function _typeof(o) {
    "@babel/helpers - typeof";
    return _typeof = "function" == typeof Symbol && "symbol" == typeof Symbol.iterator ? function(o2) {
      return typeof o2;
    } : function(o2) {
      return o2 && "function" == typeof Symbol && o2.constructor === Symbol && o2 !== Symbol.prototype ? "symbol" : typeof o2;
    }, _typeof(o);
  }
  function _classCallCheck(instance, Constructor) {
    if (!(instance instanceof Constructor)) {
      throw new TypeError("Cannot call a class as a function");
    }
  }
  function _defineProperties(target, props) {
    for (var i = 0; i < props.length; i++) {
      var descriptor = props[i];
      descriptor.enumerable = descriptor.enumerable || false;
      descriptor.configurable = true;
      if ("value" in descriptor) descriptor.writable = true;
      Object.defineProperty(target, _toPropertyKey(descriptor.key), descriptor);
    }
  }
  function _createClass(Constructor, protoProps, staticProps) {
    if (protoProps) _defineProperties(Constructor.prototype, protoProps);
    if (staticProps) _defineProperties(Constructor, staticProps);
    Object.defineProperty(Constructor, "prototype", { writable: false });
    return Constructor;
  }
  function _defineProperty(obj, key, value) {
    key = _toPropertyKey(key);
    if (key in obj) {
      Object.defineProperty(obj, key, { value, enumerable: true, configurable: true, writable: true });
    } else {
      obj[key] = value;
    }
    return obj;
  }
  function _toPropertyKey(t) {
    var i = _toPrimitive(t, "string");
    return "symbol" == _typeof(i) ? i : i + "";
  }
  function _toPrimitive(t, r) {
    if ("object" != _typeof(t) || !t) return t;
    var e = t[Symbol.toPrimitive];
    if (void 0 !== e) {
      var i = e.call(t, r || "default");
      if ("object" != _typeof(i)) return i;
      throw new TypeError("@@toPrimitive must return a primitive value.");
    }
    return ("string" === r ? String : Number)(t);
  }
  var SetLike = /* @__PURE__ */ (function() {
    function SetLike2() {
      var items = arguments.length > 0 && arguments[0] !== void 0 ? arguments[0] : [];
      _classCallCheck(this, SetLike2);
      _defineProperty(this, "items", void 0);
      this.items = items;
    }
    return _createClass(SetLike2, [{
      key: "add",
      value: function add(value) {
        if (this.has(value) === false) {
          this.items.push(value);
        }
        return this;
      }
    }, {
      key: "clear",
      value: function clear() {
        this.items = [];
      }
    }, {
      key: "delete",
      value: function _delete(value) {
        var previousLength = this.items.length;
        this.items = this.items.filter(function(item) {
          return item !== value;
        });
        return previousLength !== this.items.length;
      }
    }, {
      key: "forEach",
      value: function forEach(callbackfn) {
        var _this = this;
        this.items.forEach(function(item) {
          callbackfn(item, item, _this);
        });
      }
    }, {
      key: "has",
      value: function has(value) {
        return this.items.indexOf(value) !== -1;
      }
    }, {
      key: "size",
      get: function get() {
        return this.items.length;
      }
    }]);
  })();
  var SetLike_default = typeof Set === "undefined" ? Set : SetLike;

  // ../tests/extension/node_modules/dom-accessibility-api/dist/getRole.mjs
  function getLocalName(element) {
    var _element$localName;
    return (
      // eslint-disable-next-line no-restricted-properties -- actual guard for environments without localName
      (_element$localName = element.localName) !== null && _element$localName !== void 0 ? _element$localName : (
        // eslint-disable-next-line no-restricted-properties -- required for the fallback
        element.tagName.toLowerCase()
      )
    );
  }
  var localNameToRoleMappings = {
    article: "article",
    aside: "complementary",
    button: "button",
    datalist: "listbox",
    dd: "definition",
    details: "group",
    dialog: "dialog",
    dt: "term",
    fieldset: "group",
    figure: "figure",
    // WARNING: Only with an accessible name
    form: "form",
    footer: "contentinfo",
    h1: "heading",
    h2: "heading",
    h3: "heading",
    h4: "heading",
    h5: "heading",
    h6: "heading",
    header: "banner",
    hr: "separator",
    html: "document",
    legend: "legend",
    li: "listitem",
    math: "math",
    main: "main",
    menu: "list",
    nav: "navigation",
    ol: "list",
    optgroup: "group",
    // WARNING: Only in certain context
    option: "option",
    output: "status",
    progress: "progressbar",
    // WARNING: Only with an accessible name
    section: "region",
    summary: "button",
    table: "table",
    tbody: "rowgroup",
    textarea: "textbox",
    tfoot: "rowgroup",
    // WARNING: Only in certain context
    td: "cell",
    th: "columnheader",
    thead: "rowgroup",
    tr: "row",
    ul: "list"
  };
  var prohibitedAttributes = {
    caption: /* @__PURE__ */ new Set(["aria-label", "aria-labelledby"]),
    code: /* @__PURE__ */ new Set(["aria-label", "aria-labelledby"]),
    deletion: /* @__PURE__ */ new Set(["aria-label", "aria-labelledby"]),
    emphasis: /* @__PURE__ */ new Set(["aria-label", "aria-labelledby"]),
    generic: /* @__PURE__ */ new Set(["aria-label", "aria-labelledby", "aria-roledescription"]),
    insertion: /* @__PURE__ */ new Set(["aria-label", "aria-labelledby"]),
    none: /* @__PURE__ */ new Set(["aria-label", "aria-labelledby"]),
    paragraph: /* @__PURE__ */ new Set(["aria-label", "aria-labelledby"]),
    presentation: /* @__PURE__ */ new Set(["aria-label", "aria-labelledby"]),
    strong: /* @__PURE__ */ new Set(["aria-label", "aria-labelledby"]),
    subscript: /* @__PURE__ */ new Set(["aria-label", "aria-labelledby"]),
    superscript: /* @__PURE__ */ new Set(["aria-label", "aria-labelledby"])
  };
  function hasGlobalAriaAttributes(element, role) {
    return [
      "aria-atomic",
      "aria-busy",
      "aria-controls",
      "aria-current",
      "aria-description",
      "aria-describedby",
      "aria-details",
      // "disabled",
      "aria-dropeffect",
      // "errormessage",
      "aria-flowto",
      "aria-grabbed",
      // "haspopup",
      "aria-hidden",
      // "invalid",
      "aria-keyshortcuts",
      "aria-label",
      "aria-labelledby",
      "aria-live",
      "aria-owns",
      "aria-relevant",
      "aria-roledescription"
    ].some(function(attributeName) {
      var _prohibitedAttributes;
      return element.hasAttribute(attributeName) && !((_prohibitedAttributes = prohibitedAttributes[role]) !== null && _prohibitedAttributes !== void 0 && _prohibitedAttributes.has(attributeName));
    });
  }
  function ignorePresentationalRole(element, implicitRole) {
    return hasGlobalAriaAttributes(element, implicitRole);
  }
  function getRole(element) {
    var explicitRole = getExplicitRole(element);
    if (explicitRole === null || presentationRoles.indexOf(explicitRole) !== -1) {
      var implicitRole = getImplicitRole(element);
      if (presentationRoles.indexOf(explicitRole || "") === -1 || ignorePresentationalRole(element, implicitRole || "")) {
        return implicitRole;
      }
    }
    return explicitRole;
  }
  function getImplicitRole(element) {
    var mappedByTag = localNameToRoleMappings[getLocalName(element)];
    if (mappedByTag !== void 0) {
      return mappedByTag;
    }
    switch (getLocalName(element)) {
      case "a":
      case "area":
      case "link":
        if (element.hasAttribute("href")) {
          return "link";
        }
        break;
      case "img":
        if (element.getAttribute("alt") === "" && !ignorePresentationalRole(element, "img")) {
          return "presentation";
        }
        return "img";
      case "input": {
        var _ref = element, type = _ref.type;
        switch (type) {
          case "button":
          case "image":
          case "reset":
          case "submit":
            return "button";
          case "checkbox":
          case "radio":
            return type;
          case "range":
            return "slider";
          case "email":
          case "tel":
          case "text":
          case "url":
            if (element.hasAttribute("list")) {
              return "combobox";
            }
            return "textbox";
          case "search":
            if (element.hasAttribute("list")) {
              return "combobox";
            }
            return "searchbox";
          case "number":
            return "spinbutton";
          default:
            return null;
        }
      }
      case "select":
        if (element.hasAttribute("multiple") || element.size > 1) {
          return "listbox";
        }
        return "combobox";
    }
    return null;
  }
  function getExplicitRole(element) {
    var role = element.getAttribute("role");
    if (role !== null) {
      var explicitRole = role.trim().split(" ")[0];
      if (explicitRole.length > 0) {
        return explicitRole;
      }
    }
    return null;
  }

  // ../tests/extension/node_modules/dom-accessibility-api/dist/util.mjs
  var presentationRoles = ["presentation", "none"];
  function isElement(node) {
    return node !== null && node.nodeType === node.ELEMENT_NODE;
  }
  function isHTMLTableCaptionElement(node) {
    return isElement(node) && getLocalName(node) === "caption";
  }
  function isHTMLInputElement(node) {
    return isElement(node) && getLocalName(node) === "input";
  }
  function isHTMLOptGroupElement(node) {
    return isElement(node) && getLocalName(node) === "optgroup";
  }
  function isHTMLSelectElement(node) {
    return isElement(node) && getLocalName(node) === "select";
  }
  function isHTMLTableElement(node) {
    return isElement(node) && getLocalName(node) === "table";
  }
  function isHTMLTextAreaElement(node) {
    return isElement(node) && getLocalName(node) === "textarea";
  }
  function safeWindow(node) {
    var _ref = node.ownerDocument === null ? node : node.ownerDocument, defaultView = _ref.defaultView;
    if (defaultView === null) {
      throw new TypeError("no window available");
    }
    return defaultView;
  }
  function isHTMLFieldSetElement(node) {
    return isElement(node) && getLocalName(node) === "fieldset";
  }
  function isHTMLLegendElement(node) {
    return isElement(node) && getLocalName(node) === "legend";
  }
  function isHTMLSlotElement(node) {
    return isElement(node) && getLocalName(node) === "slot";
  }
  function isSVGElement(node) {
    return isElement(node) && node.ownerSVGElement !== void 0;
  }
  function isSVGSVGElement(node) {
    return isElement(node) && getLocalName(node) === "svg";
  }
  function isSVGTitleElement(node) {
    return isSVGElement(node) && getLocalName(node) === "title";
  }
  function queryIdRefs(node, attributeName) {
    if (isElement(node) && node.hasAttribute(attributeName)) {
      var ids = node.getAttribute(attributeName).split(" ");
      var root = node.getRootNode ? node.getRootNode() : node.ownerDocument;
      return ids.map(function(id) {
        return root.getElementById(id);
      }).filter(
        function(element) {
          return element !== null;
        }
        // TODO: why does this not narrow?
      );
    }
    return [];
  }
  function hasAnyConcreteRoles(node, roles) {
    if (isElement(node)) {
      return roles.indexOf(getRole(node)) !== -1;
    }
    return false;
  }

  // ../tests/extension/node_modules/dom-accessibility-api/dist/accessible-name-and-description.mjs
  function asFlatString(s) {
    return s.trim().replace(/\s\s+/g, " ");
  }
  function isHidden(node, getComputedStyleImplementation) {
    if (!isElement(node)) {
      return false;
    }
    if (node.hasAttribute("hidden") || node.getAttribute("aria-hidden") === "true") {
      return true;
    }
    var style = getComputedStyleImplementation(node);
    return style.getPropertyValue("display") === "none" || style.getPropertyValue("visibility") === "hidden";
  }
  function isControl(node) {
    return hasAnyConcreteRoles(node, ["button", "combobox", "listbox", "textbox"]) || hasAbstractRole(node, "range");
  }
  function hasAbstractRole(node, role) {
    if (!isElement(node)) {
      return false;
    }
    switch (role) {
      case "range":
        return hasAnyConcreteRoles(node, ["meter", "progressbar", "scrollbar", "slider", "spinbutton"]);
      default:
        throw new TypeError("No knowledge about abstract role '".concat(role, "'. This is likely a bug :("));
    }
  }
  function querySelectorAllSubtree(element, selectors) {
    var elements = arrayFrom(element.querySelectorAll(selectors));
    queryIdRefs(element, "aria-owns").forEach(function(root) {
      elements.push.apply(elements, arrayFrom(root.querySelectorAll(selectors)));
    });
    return elements;
  }
  function querySelectedOptions(listbox) {
    if (isHTMLSelectElement(listbox)) {
      return listbox.selectedOptions || querySelectorAllSubtree(listbox, "[selected]");
    }
    return querySelectorAllSubtree(listbox, '[aria-selected="true"]');
  }
  function isMarkedPresentational(node) {
    return hasAnyConcreteRoles(node, presentationRoles);
  }
  function isNativeHostLanguageTextAlternativeElement(node) {
    return isHTMLTableCaptionElement(node);
  }
  function allowsNameFromContent(node) {
    return hasAnyConcreteRoles(node, ["button", "cell", "checkbox", "columnheader", "gridcell", "heading", "label", "legend", "link", "menuitem", "menuitemcheckbox", "menuitemradio", "option", "radio", "row", "rowheader", "switch", "tab", "tooltip", "treeitem"]);
  }
  function isDescendantOfNativeHostLanguageTextAlternativeElement(node) {
    return false;
  }
  function getValueOfTextbox(element) {
    if (isHTMLInputElement(element) || isHTMLTextAreaElement(element)) {
      return element.value;
    }
    return element.textContent || "";
  }
  function getTextualContent(declaration) {
    var content = declaration.getPropertyValue("content");
    if (/^["'].*["']$/.test(content)) {
      return content.slice(1, -1);
    }
    return "";
  }
  function isLabelableElement(element) {
    var localName = getLocalName(element);
    return localName === "button" || localName === "input" && element.getAttribute("type") !== "hidden" || localName === "meter" || localName === "output" || localName === "progress" || localName === "select" || localName === "textarea";
  }
  function findLabelableElement(element) {
    if (isLabelableElement(element)) {
      return element;
    }
    var labelableElement = null;
    element.childNodes.forEach(function(childNode) {
      if (labelableElement === null && isElement(childNode)) {
        var descendantLabelableElement = findLabelableElement(childNode);
        if (descendantLabelableElement !== null) {
          labelableElement = descendantLabelableElement;
        }
      }
    });
    return labelableElement;
  }
  function getControlOfLabel(label) {
    if (label.control !== void 0) {
      return label.control;
    }
    var htmlFor = label.getAttribute("for");
    if (htmlFor !== null) {
      return label.ownerDocument.getElementById(htmlFor);
    }
    return findLabelableElement(label);
  }
  function getLabels(element) {
    var labelsProperty = element.labels;
    if (labelsProperty === null) {
      return labelsProperty;
    }
    if (labelsProperty !== void 0) {
      return arrayFrom(labelsProperty);
    }
    if (!isLabelableElement(element)) {
      return null;
    }
    var document = element.ownerDocument;
    return arrayFrom(document.querySelectorAll("label")).filter(function(label) {
      return getControlOfLabel(label) === element;
    });
  }
  function getSlotContents(slot) {
    var assignedNodes = slot.assignedNodes();
    if (assignedNodes.length === 0) {
      return arrayFrom(slot.childNodes);
    }
    return assignedNodes;
  }
  function computeTextAlternative(root) {
    var options = arguments.length > 1 && arguments[1] !== void 0 ? arguments[1] : {};
    var consultedNodes = new SetLike_default();
    var computedStyles = typeof Map === "undefined" ? void 0 : /* @__PURE__ */ new Map();
    var window2 = safeWindow(root);
    var _options$compute = options.compute, compute = _options$compute === void 0 ? "name" : _options$compute, _options$computedStyl = options.computedStyleSupportsPseudoElements, computedStyleSupportsPseudoElements = _options$computedStyl === void 0 ? options.getComputedStyle !== void 0 : _options$computedStyl, _options$getComputedS = options.getComputedStyle, uncachedGetComputedStyle = _options$getComputedS === void 0 ? window2.getComputedStyle.bind(window2) : _options$getComputedS, _options$hidden = options.hidden, hidden = _options$hidden === void 0 ? false : _options$hidden;
    var getComputedStyle = function getComputedStyle2(el, pseudoElement) {
      if (pseudoElement !== void 0) {
        throw new Error("use uncachedGetComputedStyle directly for pseudo elements");
      }
      if (computedStyles === void 0) {
        return uncachedGetComputedStyle(el);
      }
      var cachedStyles = computedStyles.get(el);
      if (cachedStyles) {
        return cachedStyles;
      }
      var style = uncachedGetComputedStyle(el, pseudoElement);
      computedStyles.set(el, style);
      return style;
    };
    function computeMiscTextAlternative(node, context) {
      var accumulatedText = "";
      if (isElement(node) && computedStyleSupportsPseudoElements) {
        var pseudoBefore = uncachedGetComputedStyle(node, "::before");
        var beforeContent = getTextualContent(pseudoBefore);
        accumulatedText = "".concat(beforeContent, " ").concat(accumulatedText);
      }
      var childNodes = isHTMLSlotElement(node) ? getSlotContents(node) : arrayFrom(node.childNodes).concat(queryIdRefs(node, "aria-owns"));
      childNodes.forEach(function(child) {
        var result = computeTextAlternative2(child, {
          isEmbeddedInLabel: context.isEmbeddedInLabel,
          isReferenced: false,
          recursion: true
        });
        var display = isElement(child) ? getComputedStyle(child).getPropertyValue("display") : "inline";
        var separator = display !== "inline" ? " " : "";
        accumulatedText += "".concat(separator).concat(result).concat(separator);
      });
      if (isElement(node) && computedStyleSupportsPseudoElements) {
        var pseudoAfter = uncachedGetComputedStyle(node, "::after");
        var afterContent = getTextualContent(pseudoAfter);
        accumulatedText = "".concat(accumulatedText, " ").concat(afterContent);
      }
      return accumulatedText.trim();
    }
    function useAttribute(element, attributeName) {
      var attribute = element.getAttributeNode(attributeName);
      if (attribute !== null && !consultedNodes.has(attribute) && attribute.value.trim() !== "") {
        consultedNodes.add(attribute);
        return attribute.value;
      }
      return null;
    }
    function computeTooltipAttributeValue(node) {
      if (!isElement(node)) {
        return null;
      }
      return useAttribute(node, "title");
    }
    function computeElementTextAlternative(node) {
      if (!isElement(node)) {
        return null;
      }
      if (isHTMLFieldSetElement(node)) {
        consultedNodes.add(node);
        var children = arrayFrom(node.childNodes);
        for (var i = 0; i < children.length; i += 1) {
          var child = children[i];
          if (isHTMLLegendElement(child)) {
            return computeTextAlternative2(child, {
              isEmbeddedInLabel: false,
              isReferenced: false,
              recursion: false
            });
          }
        }
      } else if (isHTMLTableElement(node)) {
        consultedNodes.add(node);
        var _children = arrayFrom(node.childNodes);
        for (var _i = 0; _i < _children.length; _i += 1) {
          var _child = _children[_i];
          if (isHTMLTableCaptionElement(_child)) {
            return computeTextAlternative2(_child, {
              isEmbeddedInLabel: false,
              isReferenced: false,
              recursion: false
            });
          }
        }
      } else if (isSVGSVGElement(node)) {
        consultedNodes.add(node);
        var _children2 = arrayFrom(node.childNodes);
        for (var _i2 = 0; _i2 < _children2.length; _i2 += 1) {
          var _child2 = _children2[_i2];
          if (isSVGTitleElement(_child2)) {
            return _child2.textContent;
          }
        }
        return null;
      } else if (getLocalName(node) === "img" || getLocalName(node) === "area") {
        var nameFromAlt = useAttribute(node, "alt");
        if (nameFromAlt !== null) {
          return nameFromAlt;
        }
      } else if (isHTMLOptGroupElement(node)) {
        var nameFromLabel = useAttribute(node, "label");
        if (nameFromLabel !== null) {
          return nameFromLabel;
        }
      }
      if (isHTMLInputElement(node) && (node.type === "button" || node.type === "submit" || node.type === "reset")) {
        var nameFromValue = useAttribute(node, "value");
        if (nameFromValue !== null) {
          return nameFromValue;
        }
        if (node.type === "submit") {
          return "Submit";
        }
        if (node.type === "reset") {
          return "Reset";
        }
      }
      var labels = getLabels(node);
      if (labels !== null && labels.length !== 0) {
        consultedNodes.add(node);
        return arrayFrom(labels).map(function(element) {
          return computeTextAlternative2(element, {
            isEmbeddedInLabel: true,
            isReferenced: false,
            recursion: true
          });
        }).filter(function(label) {
          return label.length > 0;
        }).join(" ");
      }
      if (isHTMLInputElement(node) && node.type === "image") {
        var _nameFromAlt = useAttribute(node, "alt");
        if (_nameFromAlt !== null) {
          return _nameFromAlt;
        }
        var nameFromTitle = useAttribute(node, "title");
        if (nameFromTitle !== null) {
          return nameFromTitle;
        }
        return "Submit Query";
      }
      if (hasAnyConcreteRoles(node, ["button"])) {
        var nameFromSubTree = computeMiscTextAlternative(node, {
          isEmbeddedInLabel: false,
          isReferenced: false
        });
        if (nameFromSubTree !== "") {
          return nameFromSubTree;
        }
      }
      return null;
    }
    function computeTextAlternative2(current, context) {
      if (consultedNodes.has(current)) {
        return "";
      }
      if (!hidden && isHidden(current, getComputedStyle) && !context.isReferenced) {
        consultedNodes.add(current);
        return "";
      }
      var labelAttributeNode = isElement(current) ? current.getAttributeNode("aria-labelledby") : null;
      var labelElements = labelAttributeNode !== null && !consultedNodes.has(labelAttributeNode) ? queryIdRefs(current, "aria-labelledby") : [];
      if (compute === "name" && !context.isReferenced && labelElements.length > 0) {
        consultedNodes.add(labelAttributeNode);
        return labelElements.map(function(element) {
          return computeTextAlternative2(element, {
            isEmbeddedInLabel: context.isEmbeddedInLabel,
            isReferenced: true,
            // this isn't recursion as specified, otherwise we would skip
            // `aria-label` in
            // <input id="myself" aria-label="foo" aria-labelledby="myself"
            recursion: false
          });
        }).join(" ");
      }
      var skipToStep2E = context.recursion && isControl(current) && compute === "name";
      if (!skipToStep2E) {
        var ariaLabel = (isElement(current) && current.getAttribute("aria-label") || "").trim();
        if (ariaLabel !== "" && compute === "name") {
          consultedNodes.add(current);
          return ariaLabel;
        }
        if (!isMarkedPresentational(current)) {
          var elementTextAlternative = computeElementTextAlternative(current);
          if (elementTextAlternative !== null) {
            consultedNodes.add(current);
            return elementTextAlternative;
          }
        }
      }
      if (hasAnyConcreteRoles(current, ["menu"])) {
        consultedNodes.add(current);
        return "";
      }
      if (skipToStep2E || context.isEmbeddedInLabel || context.isReferenced) {
        if (hasAnyConcreteRoles(current, ["combobox", "listbox"])) {
          consultedNodes.add(current);
          var selectedOptions = querySelectedOptions(current);
          if (selectedOptions.length === 0) {
            return isHTMLInputElement(current) ? current.value : "";
          }
          return arrayFrom(selectedOptions).map(function(selectedOption) {
            return computeTextAlternative2(selectedOption, {
              isEmbeddedInLabel: context.isEmbeddedInLabel,
              isReferenced: false,
              recursion: true
            });
          }).join(" ");
        }
        if (hasAbstractRole(current, "range")) {
          consultedNodes.add(current);
          if (current.hasAttribute("aria-valuetext")) {
            return current.getAttribute("aria-valuetext");
          }
          if (current.hasAttribute("aria-valuenow")) {
            return current.getAttribute("aria-valuenow");
          }
          return current.getAttribute("value") || "";
        }
        if (hasAnyConcreteRoles(current, ["textbox"])) {
          consultedNodes.add(current);
          return getValueOfTextbox(current);
        }
      }
      if (allowsNameFromContent(current) || isElement(current) && context.isReferenced || isNativeHostLanguageTextAlternativeElement(current) || isDescendantOfNativeHostLanguageTextAlternativeElement(current)) {
        var accumulatedText2F = computeMiscTextAlternative(current, {
          isEmbeddedInLabel: context.isEmbeddedInLabel,
          isReferenced: false
        });
        if (accumulatedText2F !== "") {
          consultedNodes.add(current);
          return accumulatedText2F;
        }
      }
      if (current.nodeType === current.TEXT_NODE) {
        consultedNodes.add(current);
        return current.textContent || "";
      }
      if (context.recursion) {
        consultedNodes.add(current);
        return computeMiscTextAlternative(current, {
          isEmbeddedInLabel: context.isEmbeddedInLabel,
          isReferenced: false
        });
      }
      var tooltipAttributeValue = computeTooltipAttributeValue(current);
      if (tooltipAttributeValue !== null) {
        consultedNodes.add(current);
        return tooltipAttributeValue;
      }
      consultedNodes.add(current);
      return "";
    }
    return asFlatString(computeTextAlternative2(root, {
      isEmbeddedInLabel: false,
      // by spec computeAccessibleDescription starts with the referenced elements as roots
      isReferenced: compute === "description",
      recursion: false
    }));
  }

  // ../tests/extension/node_modules/dom-accessibility-api/dist/accessible-name.mjs
  function prohibitsNaming(node) {
    return hasAnyConcreteRoles(node, ["caption", "code", "deletion", "emphasis", "generic", "insertion", "none", "paragraph", "presentation", "strong", "subscript", "superscript"]);
  }
  function computeAccessibleName(root) {
    var options = arguments.length > 1 && arguments[1] !== void 0 ? arguments[1] : {};
    if (prohibitsNaming(root)) {
      return "";
    }
    return computeTextAlternative(root, options);
  }

  // shared/i18n.js
  function makeTranslate(api2) {
    return (key, ...substitutions) => api2.i18n.getMessage(key, substitutions.map(String));
  }
  function wordsFor({ state, message, advice, language }, t) {
    switch (state) {
      case "stopped":
        return [{ words: t("stopped_message") }, { words: t("stopped_advice") }];
      case "unpaired":
        return [{ words: t("unpaired_message") }, { words: t("unpaired_advice") }];
      case "stranger":
        return [{ words: t("stranger_message") }, { words: t("stranger_advice") }];
      default:
        return [message, advice].filter(Boolean).map((words) => ({ words, language }));
    }
  }

  // shared/constants.js
  var MARK = "data-altaloud";
  var BESIDE = "data-altaloud-";
  var MARKS = Object.freeze({ pending: "pending", done: "done", silent: "silent", failed: "failed" });
  var MAX_DRAWING_BYTES = 2e6;
  var MODES = Object.freeze(["fill", "asked", "private"]);
  var RANK = Object.freeze({ focused: 0, visible: 1, background: 2 });
  function isMoreUrgent(one, other) {
    return RANK[one] < RANK[other];
  }
  var WAYS = Object.freeze(["reached", "focus", "selection", "pointer", "activity"]);

  // shared/messages.js
  var MESSAGE = Object.freeze({
    // A page's content script to the background.
    /**
     * {id, image: {url | bytes: Blob | data URL, crop?, inView?}, context, priority, detail, speak, byUser, canDraw, question?}
     * → {description} | {problem} | {resend: true} | {draw: string}; with a `question` {answer} and not {description}
     */
    describe: "describe",
    /** {url, byUser} → {sprite: string} | {}: the text of a file of drawings, of which the page shows one. */
    sprite: "sprite",
    /** {descriptionId, alt}: the user's own words → {alt} | {problem} */
    correct: "correct",
    /** {text, language} → {spoken}: aloud, if it is the helper who speaks */
    say: "say",
    /**
     * {page, questions: what `describe` takes, each} → {answers: [id, what `describe` answers][]}: those answers that
     * were not told by `answers` before. `page` is told back with them.
     */
    describeAll: "describe-all",
    /** {ids}: no answer is wanted any more. */
    cancel: "cancel",
    /** {priorities: [id, priority][]}: somebody is waiting for these now. */
    raise: "raise",
    /**
     * {} → {state, uselessAlts}: is it worth asking (again)? "off": nothing is to be filled in here; nobody was asked.
     * `uselessAlts`: whether authors' texts that say nothing are replaced.
     */
    isReady: "is-ready",
    // A page's content script to the panel beside it, if that is open, and to the background if it is not.
    /**
     * {path, images} → {watching}: all images of this frame, `Item` in `content/listing.js`, and the paths of the frames
     * between them.
     */
    images: "images",
    /** {} → {watching}: a frame has come, of which a panel may want to know. */
    frameCame: "frame-came",
    /** {paragraphs, aloud} → {spoken}: what the user asked for, where the page itself is never changed. */
    show: "show",
    // A page's content script to that of another document in the page, by way of the background.
    /** {frameId, message} → what that one answers; it is told who asks, as `from`. `message` is one of `PASSED`. */
    pass: "pass",
    /** {id, paragraphs, say, copyable, can} → {}: show it for a frame that is too small; `can`: {correct}, or null for nothing */
    showAbove: "show-above",
    /** {asks} → {}: go into what is shown for a frame; `asks`: to type a question. */
    enterAbove: "enter-above",
    /** {id, words} → {alt} | {problem} | {gone} */
    correctImage: "correct-image",
    // A page's content script to the background.
    /** {id, asks} → {}: show the panel for that image in a window; `asks`: to type a question. */
    openPanel: "open-panel",
    // The panel to a page's content script. All but the first name an image by {id}, and may be answered {gone}.
    /** {} → {}: tell of all images by `images`, now and whenever something changes, until it is not watched. */
    watchImages: "watch-images",
    /** → {description} | {problem} */
    describeImage: "describe-image",
    /** {question} → {answer} | {problem} */
    askImage: "ask-image",
    /** {words}: the user's own → {} */
    useWords: "use-words",
    /** {words} → {}: write them into the page. */
    addWords: "add-words",
    /** {mayChange} → {}: scroll there, and move the reading position. */
    goTo: "go-to",
    /** → {drawn: data URL} | {url} | {}; by {url, tab} from the panel to the background → {drawn} | {} */
    thumbnail: "thumbnail",
    // The background to a page's content script.
    /** {act} → `Survey` in `content/survey.js`: of each frame, when a key was pressed. */
    survey: "survey",
    /**
     * {act: "describe" | "ask" | "next", mode, id, place, count} → {}: describe that image, aloud and in text; or ask about
     * it; or go there and say its place among all. `id` is null where there is no image.
     */
    atHand: "at-hand",
    /** {givesFocus?} → {}: what the user asks for now is answered in another frame; or the panel above is closed. */
    closePanel: "close-panel",
    /** {}: give the page its own attributes back and leave it alone until told otherwise. */
    undo: "undo",
    /** {asked}: fill in missing texts (again). `asked`: by the user for this page, though it may be off elsewhere. */
    fill: "fill",
    /** {page, answers: [id, what `describe` answers][]} → {}: some of what was asked by `describeAll`. */
    answers: "answers",
    /** {}: the helper answers again. */
    ready: "ready",
    /** {} → {filling: boolean, written: number} */
    report: "report",
    // The toolbar button and the options page to the background.
    /** {tab: {id, url, incognito}} → `Overview` in `shared/state_view.js` */
    state: "state",
    /** {} → the same as `state`: pair through the native host, without a question. */
    connect: "connect",
    /** {code, port} → the same as `state` */
    pair: "pair",
    /** {} → the same as `state`: have the native host start the helper. */
    start: "start",
    /** {changes} → {settings} */
    changeSettings: "change-settings",
    /** {tab: {id, url, incognito}, mode} → {settings}: what is done on the tab's site; "" for what is done on all. */
    chooseSite: "choose-site",
    /** {tab: {id, url}} → {reached}: fill in this page, also where that is off. */
    fillTab: "fill-tab",
    /** {tab: {id, url}} → {reached}: give this page its own attributes back. */
    undoTab: "undo-tab"
  });
  var PASSED = Object.freeze({
    up: /* @__PURE__ */ new Set([MESSAGE.showAbove, MESSAGE.enterAbove, MESSAGE.closePanel]),
    down: /* @__PURE__ */ new Set([MESSAGE.askImage, MESSAGE.correctImage, MESSAGE.closePanel])
  });
  var OWN_PAGES_ONLY = /* @__PURE__ */ new Set([
    MESSAGE.state,
    MESSAGE.connect,
    MESSAGE.pair,
    MESSAGE.start,
    MESSAGE.changeSettings,
    MESSAGE.chooseSite,
    MESSAGE.fillTab,
    MESSAGE.undoTab,
    MESSAGE.thumbnail
  ]);

  // content/above.js
  var LEAST_PX = Object.freeze({ width: 320, height: 240 });
  var TOP = 0;
  function isSmall(window2) {
    return window2 !== window2.top && (window2.innerWidth < LEAST_PX.width || window2.innerHeight < LEAST_PX.height);
  }
  function makeAbove(window2, { signal, send, current, panel }) {
    const pass = (message) => send({ type: MESSAGE.pass, frameId: TOP, message });
    let open = null;
    function close() {
      open?.abort();
      open = null;
    }
    function onKey(event) {
      if (!event.isTrusted || event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      close();
      void pass({ type: MESSAGE.closePanel });
    }
    signal.addEventListener("abort", close, { once: true });
    const self = {
      show(paragraphs, { say, copyable = true, actions = null }) {
        if (signal.aborted) return null;
        if (!open) {
          open = new AbortController();
          window2.addEventListener("keydown", onKey, { capture: true, signal: open.signal });
        }
        const can = actions && { correct: actions.correct !== null };
        const shown = pass({ type: MESSAGE.showAbove, id: current(), paragraphs, say, copyable, can });
        void shown.then((answer) => {
          if (answer || !open) return;
          close();
          panel.show(paragraphs, { say, copyable, actions });
        });
        return { openQuestion: () => void shown.then(() => pass({ type: MESSAGE.enterAbove, asks: true })) };
      },
      close,
      focus: () => void pass({ type: MESSAGE.enterAbove, asks: false }),
      hasFocus: false,
      get isOpen() {
        return open !== null;
      }
    };
    return self;
  }
  function makeAloft({ panel, send, t }) {
    let of = null;
    let shown = null;
    const pass = (frameId, message) => send({ type: MESSAGE.pass, frameId, message });
    const orGone = (answer) => answer && !answer.gone ? answer : { problem: { state: "connected", message: t("list_gone"), advice: "" } };
    return {
      /** @returns {Aloft | null} */
      get of() {
        return of;
      },
      /** @param {any} message from a frame */
      show({ from, id, paragraphs, say, copyable, can }) {
        if (of && of.frameId !== from) this.leave();
        const keepsFocus = of?.id === id;
        of = { frameId: from, id };
        const ask = async (question) => orGone(await pass(from, { type: MESSAGE.askImage, id, question }));
        const correct = async (words) => orGone(await pass(from, { type: MESSAGE.correctImage, id, words }));
        shown = panel.show(paragraphs, { say, copyable, actions: can && { ask, correct: can.correct ? correct : null }, keepsFocus });
        return {};
      },
      /** @param {{asks: boolean}} message */
      enter({ asks }) {
        if (asks) shown?.openQuestion();
        else panel.focus();
        return {};
      },
      /** The panel is closed, or speaks of something else from now on. Firefox lets only a frame itself take the focus back. */
      leave({ givesFocus = false } = {}) {
        if (of) void pass(of.frameId, { type: MESSAGE.closePanel, givesFocus });
        of = null;
      }
    };
  }

  // content/names.js
  var SOUNDLESS = /^[\s\p{Cf}\p{Co}]*$/u;
  var TELLING = "[aria-label], [aria-labelledby], [aria-owns], [aria-valuenow], [aria-valuetext], [title], [alt]:not([alt='']), [value],[label], input, select, textarea, slot";
  var REFERRING = "[aria-labelledby='']";
  var DRAWING = "http://www.w3.org/2000/svg";
  var MAX_PARTS = 20;
  function makeNames(window2, computeAccessibleName2, { pseudoElements = true, shadowOf = openRootOf } = {}) {
    const options = {
      computedStyleSupportsPseudoElements: pseudoElements,
      // Unbound, it throws in Firefox's content scripts.
      getComputedStyle: window2.getComputedStyle.bind(window2)
    };
    const pseudos = pseudoElements ? ["::before", "::after"] : [];
    function tells(part) {
      if (part.matches(TELLING)) return true;
      if (part.namespaceURI === DRAWING || part.localName === "img") return false;
      if (shadowOf(part) !== null) return true;
      if (
        /** @type {HTMLButtonElement} */
        part.labels?.length
      ) return true;
      return pseudos.some((pseudo) => /^["']/.test(window2.getComputedStyle(part, pseudo).content));
    }
    return {
      shadowOf,
      of(element) {
        if (element.matches("input[type=image i], area")) return nameByAttributes(element);
        const name = referredWords(element) || computeAccessibleName2(element, options).trim();
        return name || ([...element.querySelectorAll(REFERRING)].map(referredWords).find(Boolean) ?? "");
      },
      isMute(element) {
        if (!SOUNDLESS.test(element.textContent ?? "")) return false;
        const parts = element.querySelectorAll("*");
        return parts.length <= MAX_PARTS && ![element, ...parts].some(tells);
      },
      isHidden(element) {
        if (!element.checkVisibility({ visibilityProperty: true })) return true;
        return closest(element, "[aria-hidden=true i], [inert]") !== null;
      }
    };
  }
  function isReferring(element) {
    return referredBy(element).length > 0;
  }
  function referredBy(element) {
    if (!element.matches(REFERRING) || isFirefox(element)) return [];
    return (
      /** @type {{ariaLabelledByElements?: readonly Element[] | null}} */
      element.ariaLabelledByElements ?? []
    );
  }
  function mayHideName(element) {
    return isFirefox(element) && element.querySelector(REFERRING) !== null;
  }
  function isFirefox(element) {
    return "mozInnerScreenX" in /** @type {Window} */
    element.ownerDocument.defaultView;
  }
  function referredWords(element) {
    const words = referredBy(element).map((label) => label.getAttribute("aria-label") || label.getAttribute("alt") || label.textContent);
    return words.join(" ").replace(/\s+/g, " ").trim();
  }
  function openRootOf(element) {
    return element.shadowRoot;
  }
  function nameByAttributes(element) {
    const root = (
      /** @type {Document | ShadowRoot} */
      element.getRootNode()
    );
    const labels = (element.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean);
    const labelled = labels.map((id) => root.getElementById?.(id)?.textContent ?? "").join(" ");
    const told = (name) => element.getAttribute(name) ?? "";
    const outer = [.../** @type {HTMLInputElement} */
    element.labels ?? []].map((label) => label.textContent ?? "").join(" ");
    const words = [referredWords(element), labelled, told("aria-label"), outer, told("alt"), told("title")];
    return words.map((word) => word.trim()).find(Boolean) ?? "";
  }
  function closest(element, selector) {
    const found = element.closest(selector);
    if (found) return found;
    for (let one = element; ; ) {
      const slot = one.assignedSlot;
      if (slot) return closest(slot, selector);
      const parent = one.parentElement;
      if (!parent) {
        const host = hostOf(one);
        return host && closest(host, selector);
      }
      one = parent;
    }
  }
  function* lineage(element) {
    let one = element;
    while (one) {
      yield one;
      one = parentOf(one);
    }
  }
  function parentOf(element) {
    return element.assignedSlot ?? element.parentElement ?? hostOf(element);
  }
  function hostOf(element) {
    return (
      /** @type {Partial<ShadowRoot> | null} */
      element.parentNode?.host ?? null
    );
  }

  // content/activity.js
  var OF_THE_HAND_MS = 1e3;
  var KEYS = /* @__PURE__ */ new Set(["ArrowDown", "ArrowUp", "End", "Enter", "Home", "PageDown", "PageUp", "Tab", " "]);
  var OF_THE_FOCUS_MS = 80;
  var SAME_MOMENT_MS = 500;
  function makeActivity(page, { signal, now }) {
    let last = null;
    let carried = null;
    const scrolls = /* @__PURE__ */ new WeakMap();
    let focusAt = -Infinity;
    let caretAt = -Infinity;
    let handAt = -Infinity;
    let pointedAt = -Infinity;
    let place = "";
    function note(node) {
      if (!node || node === page || /** @type {Partial<Element>} */
      node.matches?.(`html, body, [${MARK}=panel]`)) return;
      last = { node: new WeakRef(node), at: now() };
    }
    function onPointer({ isTrusted, screenX, screenY }) {
      const here = `${screenX} ${screenY}`;
      if (!isTrusted || here === place) return;
      place = here;
      handAt = now();
      pointedAt = handAt;
    }
    function onHand({ isTrusted, key }) {
      if (isTrusted && (key === void 0 || KEYS.has(key))) handAt = now();
    }
    function onScroll({ target }) {
      const at = now();
      const node = (
        /** @type {Node} */
        target
      );
      const before = scrolls.get(node) ?? { top: 0, carriedAt: -Infinity };
      const { scrollTop: top } = (
        /** @type {Element} */
        node === page ? page.scrollingElement ?? page.documentElement : node
      );
      if (top === before.top) return;
      const isCarried = at - handAt > OF_THE_HAND_MS && at - focusAt > OF_THE_FOCUS_MS;
      scrolls.set(node, { top, at, carriedAt: isCarried ? at : before.carriedAt });
      carried = isCarried ? { node: new WeakRef(node), at } : null;
    }
    const options = { capture: true, passive: true, signal };
    page.addEventListener(
      "focusin",
      (event) => {
        if (!event.isTrusted) return;
        focusAt = now();
        note(
          /** @type {Node | undefined} */
          event.composedPath()[0]
        );
      },
      options
    );
    page.addEventListener(
      "selectionchange",
      () => {
        caretAt = now();
        const { anchorNode = null, anchorOffset = 0 } = page.getSelection() ?? {};
        note(anchorNode?.childNodes[anchorOffset] ?? anchorNode);
      },
      options
    );
    page.addEventListener(
      "click",
      (event) => {
        const { isTrusted, detail } = event;
        if (isTrusted && detail === 0) note(
          /** @type {Node | undefined} */
          event.composedPath()[0]
        );
      },
      options
    );
    page.addEventListener("pointermove", onPointer, options);
    page.addEventListener("scrollend", onScroll, options);
    for (const type of ["keydown", "pointerdown", "touchmove", "wheel"]) page.addEventListener(type, onHand, options);
    const scrollsAround = (element) => [page, ...lineage(element)].flatMap((node) => scrolls.get(node) ?? []);
    function still(noted) {
      const node = noted?.node.deref();
      return noted && node?.isConnected ? { node, at: noted.at } : null;
    }
    return {
      /** What scrolls next is our own doing, or a hand's. */
      scrollsByHand() {
        handAt = now();
      },
      focusAt: () => Math.max(0, focusAt),
      /** @returns {Active | null} where focus or caret were last */
      last: () => still(last),
      /** @returns {Active | null} what no hand has scrolled since focus, caret and pointer were anywhere */
      carried: () => carried && carried.at > Math.max(focusAt, caretAt - SAME_MOMENT_MS, pointedAt) ? still(carried) : null,
      /**
       * Whether somebody may have gone on from what has the focus, or from the caret, too.
       *
       * @param {Element} element
       * @param {"focus" | "caret"} what
       */
      isScrolledSince(element, what) {
        const since = what === "focus" ? focusAt : Math.max(focusAt, caretAt);
        return scrollsAround(element).some(({ at }) => at > since);
      },
      /** Whether something came under the pointer by no hand. @param {Element} element */
      isCarriedUnder: (element) => scrollsAround(element).some(({ carriedAt }) => carriedAt > pointedAt)
    };
  }

  // shared/own_description.js
  function ownDescription({ alt, reason, language }) {
    const nothing = { id: "", caption: null, icon: null, hedged: false, model: "", milliseconds: 0 };
    return { ...nothing, kind: alt === null ? "decorative" : "text", alt, reason, text: alt, confidence: 1, language, cached: true };
  }

  // content/paint.js
  var MOST_KEPT = 50;
  var LONGEST_KEPT = 2e4;
  function makePaint(window2) {
    const kept = /* @__PURE__ */ new Map();
    return (size, made, look) => {
      const write = () => written(made(), size, window2);
      const key = look === void 0 ? write() : `${size.width} ${size.height} ${look}`;
      const known = kept.get(key);
      if (known) return known;
      const painting = paint(look === void 0 ? key : write(), size, window2);
      if (key.length <= LONGEST_KEPT) {
        kept.set(key, painting);
        const forget = () => void kept.delete(key);
        painting.then((painted) => painted ?? forget(), forget);
        if (kept.size > MOST_KEPT) kept.delete([...kept.keys()][0] ?? "");
      }
      return painting;
    };
  }
  function written(root, { width, height }, window2) {
    const own = ownSize(root);
    if (!root.hasAttribute("viewBox") && own) root.setAttribute("viewBox", `0 0 ${own.width} ${own.height}`);
    root.setAttribute("width", String(width));
    root.setAttribute("height", String(height));
    return textOf(root, window2);
  }
  function textOf(root, window2) {
    return new window2.XMLSerializer().serializeToString(root);
  }
  async function paint(svg, { width, height }, window2) {
    const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    try {
      const image = new window2.Image();
      image.src = address;
      await image.decode();
      const canvas = new OffscreenCanvas(width, height);
      canvas.getContext("2d")?.drawImage(image, 0, 0, width, height);
      return await canvas.convertToBlob({ type: "image/png" });
    } catch (error) {
      if (error instanceof DOMException) return null;
      throw error;
    } finally {
      URL.revokeObjectURL(address);
    }
  }
  function ownSize(root) {
    const [width = 0, height = 0] = ["width", "height"].map((side) => Number.parseFloat(root.getAttribute(side) ?? ""));
    if (width > 0 && height > 0) return { width, height };
    const [, , across = 0, down = 0] = (root.getAttribute("viewBox") ?? "").split(/[\s,]+/).map(Number);
    return across > 0 && down > 0 ? { width: across, height: down } : null;
  }

  // content/draw.js
  var SMALLEST_SIDE_PX = 128;
  var LARGEST_SIDE_PX = 1024;
  var SIGN_PX = 96;
  var FONT_MS = 3e3;
  var PAINT = Object.freeze([
    "fill",
    "fill-opacity",
    "fill-rule",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-miterlimit",
    "opacity",
    "color",
    "display",
    "visibility",
    "transform",
    "transform-origin",
    "transform-box",
    "font-family",
    "font-size",
    "font-weight",
    "text-anchor",
    "stop-color",
    "stop-opacity",
    "d",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "x",
    "y"
  ]);
  var TELLS_NOTHING = /* @__PURE__ */ new Set(["", "auto", "none"]);
  var ALWAYS_SAID = /* @__PURE__ */ new Set(["fill", "stroke", "display"]);
  var BORROWS = "use, [fill^='url('], [stroke^='url(']";
  var MAX_PARTS2 = 500;
  async function draw(svg, shown, paint2, crop) {
    const window2 = (
      /** @type {Window & typeof globalThis} */
      shown.ownerDocument.defaultView
    );
    const root = svg.length > MAX_DRAWING_BYTES ? null : parse(svg, window2);
    if (!root) return null;
    const own = ownSize(root);
    const box = crop?.tile && own ? own : shown.getBoundingClientRect();
    const size = fit(box);
    const bytes = await paint2(size, () => root);
    if (!bytes || !crop) return bytes && { bytes };
    return { bytes, crop: { ...crop, ...crop.tile && own && { natural: own } } };
  }
  async function drawElement(drawing, spriteAt, paint2) {
    const window2 = (
      /** @type {Window & typeof globalThis} */
      drawing.ownerDocument.defaultView
    );
    const size = fit(drawing.getBoundingClientRect());
    const parts = [...drawing.querySelectorAll("*")];
    const styles = parts.length > MAX_PARTS2 ? [] : parts.map((part) => styleOf(part, window2));
    const { color, fill } = window2.getComputedStyle(drawing);
    const own = `color: ${color}; fill: ${fill}`;
    const copied = () => copyOf(drawing, own, styles);
    if (!drawing.querySelector(BORROWS)) {
      const look = parts.length > MAX_PARTS2 ? void 0 : [own, ...styles, textOf(drawing, window2)].join("\n");
      return paint2(size, copied, look);
    }
    const copy = copied();
    fetchUsed(drawing, copy, await spritesOf(copy, spriteAt));
    return paint2(size, () => copy);
  }
  function styleOf(part, window2) {
    const style = window2.getComputedStyle(part);
    let said = part.hasAttribute("style") ? `${inlineOf(part)} ` : "";
    for (const name of PAINT) {
      const value = style.getPropertyValue(name);
      if (TELLS_NOTHING.has(value) && !(value && ALWAYS_SAID.has(name))) continue;
      said += `${name}: ${value}; `;
    }
    return said;
  }
  function inlineOf(part) {
    return (
      /** @type {Partial<SVGElement>} */
      (part.style?.cssText ?? "").replaceAll("!important", "")
    );
  }
  function copyOf(drawing, own, styles) {
    const copy = (
      /** @type {SVGSVGElement} */
      drawing.cloneNode(true)
    );
    const parts = copy.querySelectorAll("*");
    styles.forEach((style, index) => wear(
      /** @type {Element} */
      parts[index],
      style
    ));
    wear(copy, own);
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    return copy;
  }
  function wear(part, style) {
    if ("style" in part) part.style.cssText = style;
  }
  async function spritesOf(copy, spriteAt) {
    const sprites = [];
    for (const use of copy.querySelectorAll("use")) {
      const [file = "", name] = (referenceOf(use) ?? "").split("#");
      const sprite = file && name ? await spriteAt(file) : null;
      if (!sprite) continue;
      if (!sprites.includes(sprite)) sprites.push(sprite);
      use.setAttribute("href", `#${name}`);
    }
    return sprites;
  }
  function referenceOf(use) {
    return use.getAttribute("href") ?? use.getAttribute("xlink:href");
  }
  function fetchUsed(drawing, copy, sprites) {
    const root = (
      /** @type {Document | ShadowRoot} */
      drawing.getRootNode()
    );
    const places = [root, drawing.ownerDocument, ...sprites];
    const borrowed = drawing.ownerDocument.createElementNS("http://www.w3.org/2000/svg", "defs");
    copy.append(borrowed);
    for (let round = 0; round < 3; round += 1) {
      for (const use of copy.querySelectorAll(BORROWS)) {
        const names = [referenceOf(use), use.getAttribute("fill"), use.getAttribute("stroke")];
        for (const name of names.map((value) => /^(?:url\(["']?)?#([^"')]+)/.exec(value ?? "")?.[1])) {
          if (!name || copy.querySelector(`[id="${CSS.escape(name)}"]`)) continue;
          const used = places.map((place) => place.getElementById(name)).find(Boolean);
          if (used) borrowed.append(used.cloneNode(true));
        }
      }
    }
  }
  async function drawCanvas(canvas) {
    try {
      return await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    } catch (error) {
      if (error instanceof DOMException) return null;
      throw error;
    }
  }
  async function drawSign({ text, font, color }, page) {
    const sized = font.replace(" 1px ", ` ${SIGN_PX}px `);
    await Promise.race([page.fonts.load(sized, text), new Promise((resolve) => setTimeout(resolve, FONT_MS))]);
    const canvas = page.createElement("canvas");
    const context = canvas.getContext("2d");
    if (!context) return null;
    context.font = sized;
    const { actualBoundingBoxLeft: left, actualBoundingBoxRight: right, actualBoundingBoxAscent: up, actualBoundingBoxDescent: down } = context.measureText(text);
    if (!(left + right > 0 && up + down > 0)) return null;
    const margin = SIGN_PX / 6;
    canvas.width = Math.min(Math.ceil(left + right + 2 * margin), LARGEST_SIDE_PX);
    canvas.height = Math.min(Math.ceil(up + down + 2 * margin), LARGEST_SIDE_PX);
    context.font = sized;
    context.fillStyle = color;
    context.fillText(text, left + margin, up + margin);
    return drawCanvas(canvas);
  }
  function parse(svg, window2) {
    const root = new window2.DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
    return root.localName === "svg" ? root : null;
  }
  function fit({ width, height }) {
    const sides = width > 0 && height > 0 ? { width, height } : { width: 256, height: 256 };
    const longer = Math.max(sides.width, sides.height);
    const wanted = Math.min(Math.max(2 * longer, SMALLEST_SIDE_PX), LARGEST_SIDE_PX);
    const scale = wanted / longer;
    return {
      width: Math.max(1, Math.round(sides.width * scale)),
      height: Math.max(1, Math.round(sides.height * scale))
    };
  }

  // content/styles.js
  var PSEUDO_ELEMENTS = Object.freeze(["::before", "::after"]);
  var LAYERS = Object.freeze([
    { image: "background-image", size: "background-size", position: "background-position", repeat: "background-repeat" },
    { image: "mask-image", size: "mask-size", position: "mask-position", repeat: "mask-repeat" }
  ]);
  var MOST_SIGNS = 2;
  var LIGATURES = /material|symbol|icon/i;
  var SIGN = /[\p{Co}\p{S}\p{Extended_Pictographic}←-⇿─-➿⬀-⯿×÷‹›«»+−–—✕]/u;
  function styled(element) {
    const window2 = (
      /** @type {Window} */
      element.ownerDocument.defaultView
    );
    let made;
    return {
      element,
      own: window2.getComputedStyle(element),
      get made() {
        made ??= PSEUDO_ELEMENTS.map((pseudo) => window2.getComputedStyle(element, pseudo)).filter(isMade);
        return made;
      }
    };
  }
  function cssImageOf(styled2) {
    const own = shownBy(styled2.own, styled2.element);
    if (own) return own;
    for (const style of styled2.made) {
      const found = shownBy(style, styled2.element);
      if (found) return found;
    }
    return null;
  }
  function shownBy(style, element) {
    return inLayers(style, element) ?? inContent(style, element);
  }
  function isMade({ content, display }) {
    return content !== "" && content !== "none" && content !== "normal" && display !== "none";
  }
  function inLayers(style, element) {
    for (const names of LAYERS) {
      const layers = split(style.getPropertyValue(names.image));
      const index = layers.findIndex((layer) => urlIn(layer) !== "");
      if (index < 0) continue;
      const value = (name) => {
        const values = split(style.getPropertyValue(name));
        return values[index % values.length] ?? "";
      };
      const tile = { size: value(names.size), position: value(names.position), repeat: value(names.repeat), ...sidesOf(style, element) };
      return { url: urlIn(layers[index] ?? ""), tile };
    }
    return null;
  }
  function inContent(style, element) {
    const url = urlIn(style.content ?? "");
    if (url === "") return null;
    return { url, tile: { size: "100% 100%", position: "0% 0%", repeat: "no-repeat", ...sidesOf(style, element) } };
  }
  function sidesOf(style, element) {
    const box = element.getBoundingClientRect();
    return { width: Number.parseFloat(style.width) || box.width, height: Number.parseFloat(style.height) || box.height };
  }
  function urlIn(layer) {
    const found = /url\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^)]*))\s*\)/.exec(layer);
    const url = (found?.[1] ?? found?.[2] ?? found?.[3] ?? "").trim().replace(/\\(.)/g, "$1");
    return url.startsWith("#") ? "" : url;
  }
  function split(list) {
    const parts = list.match(/(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()"']|"(?:[^"\\]|\\.)*"|'[^']*'|\([^()]*\))*\)|[^,"'()])+/g);
    return (parts ?? []).map((part) => part.trim()).filter(Boolean);
  }
  function signOf({ element, own, made }) {
    for (const style of made) {
      const text2 = /^"((?:[^"\\]|\\.)*)"/s.exec(style.content)?.[1]?.trim() ?? "";
      if (text2 !== "" && isSign(text2, style.fontFamily)) return drawn(text2, style);
    }
    if (element.firstElementChild) return null;
    const text = element.textContent?.trim() ?? "";
    return text !== "" && isSign(text, own.fontFamily) ? drawn(text, own) : null;
  }
  function isSign(text, family) {
    if (LIGATURES.test(family) && /^[\w ]{1,40}$/.test(text)) return true;
    return [...text].length <= MOST_SIGNS && SIGN.test(text);
  }
  function drawn(text, { fontStyle, fontWeight, fontFamily, color }) {
    return { text, font: `${fontStyle} ${fontWeight} 1px ${fontFamily}`, color };
  }

  // content/showing.js
  var MAX_PARTS3 = 40;
  var SMALLEST_PART_PX = 4;
  var MAX_TOLD_APART = 2e4;
  function showing(picture) {
    switch (picture.localName) {
      case "img":
      case "input":
        return ofFile(picture) ?? ofStyle(picture);
      case "area":
        return ofArea(picture);
      case "svg":
        return ofDrawing(
          /** @type {SVGSVGElement} */
          picture
        );
      case "canvas":
        return ofCanvas(
          /** @type {HTMLCanvasElement} */
          picture
        );
      case "video":
        return ofUrl(
          /** @type {HTMLVideoElement} */
          picture.poster
        );
      default:
        return ofParts(picture);
    }
  }
  function lookAt(picture) {
    let shown;
    let box;
    return {
      get showing() {
        if (shown === void 0) shown = showing(picture);
        return shown;
      },
      get box() {
        box ??= boxOf(picture);
        return box;
      }
    };
  }
  function signatureOf(picture, shown = showing(picture)) {
    const { url, crop, drawing, canvas, sign, words } = shown ?? {};
    if (canvas) return `canvas ${canvas.width} ${canvas.height}`;
    if (!drawing) return JSON.stringify([url, crop, sign, words]);
    const serializer = new /** @type {Window & typeof globalThis} */
    drawing.ownerDocument.defaultView.XMLSerializer();
    const parts = [...drawing.children].map((part) => serializer.serializeToString(part)).join("");
    return parts.slice(0, MAX_TOLD_APART);
  }
  function addressOf(image) {
    const file = (
      /** @type {HTMLImageElement} */
      image
    );
    return file.currentSrc || file.src || "";
  }
  function ofUrl(url, crop) {
    if (url === "") return null;
    return crop ? { url, crop } : { url };
  }
  function ofFile(image) {
    return image.matches("img, input[type=image i]") ? ofUrl(addressOf(image)) : null;
  }
  function ofDrawing(drawing) {
    return drawing.firstElementChild === null ? null : { drawing };
  }
  function ofCanvas(canvas) {
    return canvas.width > 0 && canvas.height > 0 ? { canvas } : null;
  }
  function ofArea(area) {
    const image = imageOfArea(area);
    const part = image && partOf(area, image);
    return image && part ? ofUrl(addressOf(image), { part }) : null;
  }
  function imageOfArea(area) {
    const name = area.closest("map")?.name;
    const root = (
      /** @type {Document | ShadowRoot} */
      area.getRootNode()
    );
    return name ? root.querySelector(`img[usemap="#${name.replace(/["\\]/g, "\\$&")}"]`) : null;
  }
  function partOf(area, image) {
    const { width, height } = image.getBoundingClientRect();
    if (width === 0 || height === 0) return null;
    const [left, top, right, bottom] = edgesOf(area, width, height);
    const share = (value, whole2) => Math.min(1, Math.max(0, value / whole2));
    const part = { left: share(left, width), top: share(top, height), right: share(right, width), bottom: share(bottom, height) };
    return part.right > part.left && part.bottom > part.top ? part : null;
  }
  function edgesOf(area, width, height) {
    const numbers = (area.getAttribute("coords") ?? "").split(/[\s,;]+/).map(Number.parseFloat).filter(Number.isFinite);
    const shape = (area.getAttribute("shape") ?? "").toLowerCase();
    if (shape === "default" || numbers.length < 3) return [0, 0, width, height];
    const [x = 0, y = 0, radius = 0] = numbers;
    if (shape.startsWith("circ")) return [x - radius, y - radius, x + radius, y + radius];
    const across = numbers.filter((_, index) => index % 2 === 0);
    const down = numbers.filter((_, index) => index % 2 === 1);
    return [Math.min(...across), Math.min(...down), Math.max(...across), Math.max(...down)];
  }
  function boxOf(picture) {
    const image = picture.localName === "area" ? imageOfArea(picture) : null;
    if (!image) return picture.getBoundingClientRect();
    const whole2 = image.getBoundingClientRect();
    const part = partOf(picture, image) ?? { left: 0, top: 0, right: 1, bottom: 1 };
    const left = whole2.left + part.left * whole2.width;
    const top = whole2.top + part.top * whole2.height;
    const width = (part.right - part.left) * whole2.width;
    const height = (part.bottom - part.top) * whole2.height;
    return { left, top, width, height, right: left + width, bottom: top + height };
  }
  function ofParts(whole2) {
    const inner = largest([...whole2.querySelectorAll("img, svg, canvas")].slice(0, MAX_PARTS3));
    const shown = inner && showing(inner);
    return shown ?? ofStyle(whole2) ?? ofWords(whole2);
  }
  function largest(elements) {
    let found = null;
    let most = SMALLEST_PART_PX * SMALLEST_PART_PX;
    for (const one of elements) {
      if (!one.checkVisibility({ visibilityProperty: true })) continue;
      const { width, height } = one.getBoundingClientRect();
      if (width * height <= most) continue;
      most = width * height;
      found = one;
    }
    return found;
  }
  function ofStyle(whole2) {
    const inside = [whole2, ...whole2.querySelectorAll("*")].slice(0, MAX_PARTS3).filter((one) => !one.closest("svg"));
    const parts = inside.map(styled);
    for (const part of parts) {
      const found = cssImageOf(part);
      if (found) return ofUrl(found.url, { tile: found.tile });
    }
    for (const part of parts) {
      const sign = signOf(part);
      if (sign) return { sign };
    }
    return null;
  }
  function ofWords(whole2) {
    if (!whole2.matches("[role=img i], [role=image i]")) return null;
    const words = (whole2.textContent ?? "").replace(/\s+/g, " ").trim();
    return words === "" ? null : { words };
  }

  // content/bytes.js
  async function imageOf(picture, spriteAt, paint2) {
    const shown = showing(picture);
    if (!shown) return null;
    const { url, crop, drawing, canvas, sign, words } = shown;
    if (words !== void 0) return { words };
    if (url !== void 0) return withUrl(whole(url, picture), crop);
    if (drawing) return sent(await drawElement(drawing, spriteAt, paint2));
    if (canvas) return sent(await drawCanvas(canvas));
    return sign ? sent(await drawSign(sign, picture.ownerDocument)) : null;
  }
  function partInView(picture) {
    const window2 = (
      /** @type {Window} */
      picture.ownerDocument.defaultView
    );
    if (window2 !== window2.top) return null;
    const { innerWidth, innerHeight } = window2;
    const box = boxOf(picture);
    const share = (value, whole2) => Math.min(1, Math.max(0, value / whole2));
    const part = { left: share(box.left, innerWidth), right: share(box.right, innerWidth), top: share(box.top, innerHeight), bottom: share(box.bottom, innerHeight) };
    return part.right > part.left && part.bottom > part.top ? part : null;
  }
  function whole(url, picture) {
    return /^https?:\/\//.test(url) ? url : new URL(url, picture.ownerDocument.baseURI).href;
  }
  async function withUrl(url, crop) {
    const bytes = url.startsWith("blob:") ? await fromPage(url) : null;
    return { ...bytes ? { bytes } : { url }, ...crop && { crop } };
  }
  async function fromPage(url) {
    try {
      return await (await fetch(url)).blob();
    } catch {
      return null;
    }
  }
  function sent(bytes) {
    return bytes && { bytes };
  }

  // content/outbox.js
  var GATHER_MS = Object.freeze({ focused: 25, visible: 25, background: 400 });
  var CANCELLED = Object.freeze({ problem: { state: "cancelled", message: "", advice: "" } });
  function makeOutbox({ send, later }) {
    const page = `${Date.now()}.${Math.random()}`;
    let waiting = /* @__PURE__ */ new Map();
    const sent2 = /* @__PURE__ */ new Map();
    const planned = /* @__PURE__ */ new Set();
    const raised = /* @__PURE__ */ new Map();
    let cancelled = [];
    function plan(priority) {
      const wait = GATHER_MS[priority];
      if (planned.has(wait)) return;
      planned.add(wait);
      later(() => {
        planned.delete(wait);
        flush();
      }, wait);
    }
    function flush() {
      const letters = [...waiting.values()];
      waiting = /* @__PURE__ */ new Map();
      if (letters.length === 0) return;
      for (const letter of letters) sent2.set(letter.message.id, letter);
      const questions = letters.map(({ message }) => message);
      void send({ type: MESSAGE.describeAll, page, questions }).then((reply) => {
        hear({ page, answers: reply?.answers ?? [] });
        for (const { id } of questions) settle(id, reply?.problem ? reply : null);
      });
    }
    function settle(id, reply) {
      sent2.get(id)?.resolve(reply);
      sent2.delete(id);
    }
    function hear(message) {
      if (message.page === page) for (const [id, reply] of message.answers) settle(id, reply);
    }
    return {
      hear,
      /**
       * @param {any} message a `describe`; two of one number are never under way together
       * @returns {Promise<any>} its reply, or null when there is nobody to answer
       */
      ask(message) {
        plan(message.priority);
        return new Promise((resolve) => waiting.set(message.id, { message, resolve }));
      },
      /**
       * @param {number} id
       * @param {import("../shared/constants.js").Priority} priority
       */
      raise(id, priority) {
        const letter = waiting.get(id);
        if (letter) {
          letter.message.priority = priority;
          plan(priority);
        } else if (sent2.has(id)) {
          const isPlanned = raised.size > 0;
          raised.set(id, priority);
          if (isPlanned) return;
          queueMicrotask(() => {
            void send({ type: MESSAGE.raise, priorities: [...raised] });
            raised.clear();
          });
        }
      },
      /** @param {number} id */
      cancel(id) {
        const letter = waiting.get(id);
        if (letter) {
          waiting.delete(id);
          letter.resolve(CANCELLED);
          return;
        }
        cancelled.push(id);
        if (cancelled.length > 1) return;
        queueMicrotask(() => {
          void send({ type: MESSAGE.cancel, ids: cancelled });
          cancelled = [];
        });
      }
    };
  }

  // content/sprites.js
  var MOST_FILES = 8;
  function makeSprites(window2, send) {
    const files = /* @__PURE__ */ new Map();
    async function read(url, byUser) {
      const reply = await send({ type: MESSAGE.sprite, url, byUser });
      if (typeof reply?.sprite !== "string") {
        files.delete(url);
        return null;
      }
      const sprite = new window2.DOMParser().parseFromString(reply.sprite, "image/svg+xml");
      return sprite.documentElement.localName === "svg" ? sprite : null;
    }
    return async (file, byUser) => {
      const { baseURI } = window2.document;
      if (!URL.canParse(file, baseURI)) return null;
      const { href, origin, protocol } = new URL(file, baseURI);
      if (!/^https?:$/.test(protocol) || origin !== window2.origin) return null;
      const known = files.get(href);
      if (known) return known;
      if (files.size >= MOST_FILES) return null;
      const sprite = read(href, byUser);
      files.set(href, sprite);
      return sprite;
    };
  }

  // content/ask.js
  function makeAsk(window2, { api: api2, onGone }) {
    let count = 0;
    const spriteAt = makeSprites(window2, send);
    const paint2 = makePaint(window2);
    const outbox = makeOutbox({ send, later: (work, milliseconds) => void setTimeout(work, milliseconds) });
    async function send(message) {
      try {
        return await api2.runtime.sendMessage(message) ?? null;
      } catch {
        if (!api2.runtime?.id) onGone();
        return null;
      }
    }
    async function tell2(message, wish) {
      const put2 = message.byUser ? send : outbox.ask;
      const reply = await put2({ ...message, priority: wish.priority });
      const { bytes } = message.image;
      if (!reply?.resend || !(bytes instanceof Blob)) return reply;
      const written2 = await toDataUrl(bytes);
      return wish.isOver ? CANCELLED : put2({ ...message, priority: wish.priority, image: { ...message.image, bytes: written2 } });
    }
    async function converse(id, { image, ...about }, wish) {
      const inView = about.byUser ? partInView(image) : null;
      const lastResort = inView && { inView };
      const own = await imageOf(image, (file) => spriteAt(file, about.byUser), paint2) ?? lastResort;
      if (wish.isOver) return CANCELLED;
      if (!own) return { problem: unusable(api2) };
      if (own.words) return authored(own.words, about);
      const message = { type: MESSAGE.describe, id, speak: about.byUser, ...about };
      let reply = await tell2({ ...message, image: { ...own, ...lastResort }, canDraw: true }, wish);
      if (typeof reply?.draw === "string") {
        const drawn3 = await draw(reply.draw, image, paint2, own.crop) ?? lastResort;
        if (wish.isOver) return CANCELLED;
        if (!drawn3) return { problem: unusable(api2) };
        reply = await tell2({ ...message, image: { ...drawn3, ...lastResort }, canDraw: false }, wish);
      }
      if (isAnswer(reply)) return reply;
      return { problem: { state: "stopped", message: "", advice: "" } };
    }
    return {
      send,
      hear: outbox.hear,
      /**
       * @param {Question} question
       * @returns {Asked}
       */
      about(question) {
        count += 1;
        const id = count;
        const wish = { priority: question.priority, isOver: false };
        return {
          answer: converse(id, question, wish),
          raise(priority) {
            wish.priority = priority;
            outbox.raise(id, priority);
          },
          cancel() {
            wish.isOver = true;
            outbox.cancel(id);
          }
        };
      }
    };
  }
  function isAnswer(reply) {
    return Boolean(reply?.description ?? reply?.answer ?? reply?.problem);
  }
  function authored(words, { context, question }) {
    const language = context.page_language ?? "";
    if (question !== void 0) return { answer: { answer: words, confidence: 1, language } };
    return { description: ownDescription({ alt: words, reason: null, language }) };
  }
  function toDataUrl(bytes) {
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result));
      reader.onerror = () => reject(reader.error);
      reader.readAsDataURL(bytes);
    });
  }
  function unusable(api2) {
    const t = api2.i18n.getMessage;
    return { state: "connected", message: t("no_image_message"), advice: t("no_image_advice") };
  }

  // content/beside.js
  function makeBeside(window2, { send, current }) {
    const page = (
      /** @type {Document & {ariaNotify?: (words: string) => void}} */
      window2.document
    );
    const isProven = typeof page.ariaNotify === "function" && !("mozInnerScreenX" in window2);
    const open = ({ asks }) => void send({ type: MESSAGE.openPanel, id: current(), asks });
    return {
      /**
       * @param {(string | import("./show.js").Paragraph)[]} paragraphs
       * @param {{say: import("./show.js").Say}} options
       */
      show(paragraphs, { say }) {
        const told = paragraphs.map((one) => typeof one === "string" ? { words: one } : one).filter(({ words }) => words);
        void tell2(told, say !== null);
        return { openQuestion: () => open({ asks: true }) };
      },
      close: () => void 0,
      isOurs: () => false,
      isOpen: true,
      hasFocus: false,
      focus: () => open({ asks: false })
    };
    async function tell2(told, aloud) {
      const shown = await send({ type: MESSAGE.show, paragraphs: told, aloud });
      if (!aloud || shown?.spoken) return;
      if (isProven) page.ariaNotify?.(told.map(({ words }) => words).join("\n"));
      else open({ asks: false });
    }
  }

  // content/find_images.js
  var CONTROLS = "a[href], area[href], button, summary, input[type=button i], input[type=submit i][value=''],[role=link], [role=button], [role=menuitem], [role=menuitemcheckbox], [role=menuitemradio],[role=option], [role=radio], [role=checkbox], [role=switch], [role=tab], [role=treeitem]";
  var BOX_NAMES = Object.freeze(["div", "span", "figure", "section", "article", "p", "li", "td", "i", "b", "em"]);
  var WORTH_A_LOOK = `img, svg, canvas, video, area, a, button, summary, input, [role], :is(${BOX_NAMES.join(", ")}):is([class], [style], [id])`;
  var CONTROL_NAMES = /* @__PURE__ */ new Set(["a", "button", "summary", "input"]);
  var TAKES_WORDS = "img:not([alt=''], [role=none], [role=presentation]), input[type=image i]";
  var UNREAD = "style, script, template, noscript, [aria-hidden=true i]";
  function disguiseOf(element) {
    switch (element.localName) {
      case "img":
        return "image";
      case "area":
        return element.hasAttribute("href") ? "area" : null;
      case "svg":
        return (
          /** @type {SVGElement} */
          element.ownerSVGElement ? null : "drawing"
        );
      case "canvas":
        return "canvas";
      case "video":
        return element.hasAttribute("poster") ? "video" : null;
      default:
        return ofOther(element);
    }
  }
  function ofOther(element) {
    const { localName } = element;
    const role = element.getAttribute("role");
    if (role !== null && /^im(g|age)$/i.test(role)) return "role";
    if ((role !== null || CONTROL_NAMES.has(localName)) && element.matches(CONTROLS)) return hasOwnText(element) ? null : "control";
    if (localName === "input") return element.matches("input[type=image i]") ? "image" : null;
    return BOX_NAMES.includes(localName) && isBare(element) ? "box" : null;
  }
  function hasOwnText(element) {
    for (let node = element.firstChild; node; node = node.nextSibling) {
      if (node.nodeType === 3 && !SOUNDLESS.test(node.nodeValue ?? "")) return true;
    }
    return false;
  }
  function isBare(element) {
    if (element.firstElementChild !== null || !isWordless(element)) return false;
    return element.hasAttribute("class") || element.hasAttribute("style") || element.id !== "";
  }
  function isWordless(element) {
    return SOUNDLESS.test(element.textContent ?? "");
  }
  function isCandidate(element) {
    return disguiseOf(element) !== null;
  }
  function candidatesIn(root) {
    const found = [...root.querySelectorAll(WORTH_A_LOOK)].filter(isCandidate);
    if (root.nodeType === 1 && isCandidate(
      /** @type {Element} */
      /** @type {Node} */
      root
    )) {
      found.unshift(
        /** @type {Element} */
        /** @type {Node} */
        root
      );
    }
    return found;
  }
  function isPicture(element) {
    const disguise = disguiseOf(element);
    if (disguise === "control") return isIconOnly(element) && showing(element) !== null;
    if (disguise === "box" || disguise === "role") return showing(element) !== null;
    return disguise !== null && (disguise !== "drawing" || !isIconOnly(controlOf(element)));
  }
  function findPictures(root) {
    return candidatesIn(root).filter(isPicture);
  }
  function controlOf(image) {
    const outer = parentOf(image);
    return outer && closest(outer, CONTROLS);
  }
  function isPartOfControl(picture) {
    if (wordsAttribute(picture) === "alt" || !picture.parentElement?.closest(CONTROLS)) return false;
    return disguiseOf(picture) !== "control";
  }
  function isIconOnly(control) {
    if (!control || hasReadableText(control)) return false;
    const images = [...control.querySelectorAll(TAKES_WORDS)];
    return !images.some((image) => !isUnread(image, control) && image.checkVisibility({ visibilityProperty: true }));
  }
  function hasReadableText(element) {
    if (isWordless(element)) return false;
    const walker = element.ownerDocument.createTreeWalker(element, 4);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement ?? /** @type {Partial<ShadowRoot>} */
      element.host;
      if (!parent || SOUNDLESS.test(node.nodeValue ?? "") || isUnread(parent, element)) continue;
      if (parent.checkVisibility({ visibilityProperty: true })) return true;
    }
    return false;
  }
  function isUnread(inner, outer) {
    const unread = inner.closest(UNREAD);
    return unread !== null && unread !== outer && outer.contains(unread);
  }
  function wordsAttribute(picture) {
    const { localName } = picture;
    if (localName === "input") return picture.matches("[type=image i]") ? "alt" : "aria-label";
    return localName === "img" || localName === "area" ? "alt" : "aria-label";
  }
  function sightOf(picture) {
    return picture.localName === "area" ? imageOfArea(picture) ?? picture : picture;
  }
  function isLoading(picture) {
    const sight = sightOf(picture);
    return "complete" in sight && sight.complete === false;
  }
  function sourceOf(picture, look) {
    const sight = sightOf(picture);
    if (sight.localName !== "img" && sight.localName !== "input") return signatureOf(picture, look?.showing);
    const parent = parentOf(sight);
    const sources = parent?.localName === "picture" ? [...parent.querySelectorAll("source")] : [];
    const own = [sight, ...sources].map((one) => [one.getAttribute("src"), one.getAttribute("srcset")]);
    return JSON.stringify(picture === sight ? own : [own, picture.getAttribute("coords")]);
  }

  // content/moment.js
  function makeMoment(look) {
    const known = /* @__PURE__ */ new Map();
    return (key) => {
      const found = known.get(key);
      if (found !== void 0) return found;
      if (known.size === 0) queueMicrotask(() => known.clear());
      const value = look(key);
      known.set(key, value);
      return value;
    };
  }

  // content/backdrop.js
  var MAX_LEVELS = 60;
  var NONE = "rgba(0, 0, 0, 0)";
  function makeBackdrop(window2) {
    const layerOf = makeMoment((element) => {
      const { backgroundColor, backgroundImage } = window2.getComputedStyle(element);
      return { colour: parse2(backgroundColor), isPictured: Boolean(backgroundImage) && backgroundImage !== "none", around: parentOf(element) };
    });
    return (image) => {
      const veils = [];
      let one = sightOf(image);
      for (let level = 0; one; level += 1) {
        if (level > MAX_LEVELS) return null;
        const { colour, isPictured, around } = layerOf(one);
        if (!colour || isPictured && level > 0) return null;
        if (colour.opacity === 1) return over(veils, colour);
        if (colour.opacity > 0) veils.push(colour);
        one = around;
      }
      const root = image.ownerDocument.documentElement;
      const isPlain = !window2.getComputedStyle(root).colorScheme?.includes("dark");
      return isPlain ? over(veils, { red: 255, green: 255, blue: 255, opacity: 1 }) : null;
    };
  }
  function parse2(colour) {
    if (colour === "" || colour === "transparent" || colour === NONE) return { red: 0, green: 0, blue: 0, opacity: 0 };
    const numbers = /^rgba?\(([\d.]+)[,\s]+([\d.]+)[,\s]+([\d.]+)(?:[,\s/]+([\d.]+))?\)$/.exec(colour)?.slice(1);
    if (!numbers) return null;
    const [red = 0, green = 0, blue = 0, opacity = 1] = numbers.map((part) => part === void 0 ? 1 : Number(part));
    return { red, green, blue, opacity };
  }
  function over(veils, ground) {
    let { red, green, blue } = ground;
    for (const veil of veils.reverse()) {
      red += (veil.red - red) * veil.opacity;
      green += (veil.green - green) * veil.opacity;
      blue += (veil.blue - blue) * veil.opacity;
    }
    return `#${[red, green, blue].map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
  }

  // content/roles.js
  var KNOWN = new Set(
    "alert alertdialog application article banner blockquote button caption cell checkbox code columnheader combobox complementary contentinfo definition deletion dialog directory document emphasis feed figure form generic grid gridcell group heading image img insertion link list listbox listitem log main marquee math menu menubar menuitem menuitemcheckbox menuitemradio meter navigation none note option paragraph presentation progressbar radio radiogroup region row rowgroup rowheader scrollbar search searchbox separator slider spinbutton status strong subscript superscript switch tab table tablist tabpanel term textbox time timer toolbar tooltip tree treegrid treeitem".split(" ")
  );
  function roleOf(element) {
    const given = element.getAttribute("role")?.toLowerCase().split(/\s+/);
    return given?.find((role) => KNOWN.has(role)) ?? "";
  }

  // content/context.js
  var MAX_TITLE = 300;
  var MAX_CAPTION = 1e3;
  var MAX_HREF = 8192;
  var NEARBY_EACH_SIDE = 200;
  var MAX_NODES = 200;
  var MAX_LEVELS2 = 5;
  var TWIN_LEVELS = 3;
  var MAX_TWINS = 20;
  var UNREAD2 = /* @__PURE__ */ new Set(["script", "style", "noscript", "template", "head"]);
  var BORDER = "body, main, article, section, aside, nav, header, footer, dialog, li, td, th, tr, [role=listitem]";
  function contextOf(image, backgroundOf = makeBackdrop(
    /** @type {Window} */
    image.ownerDocument.defaultView
  ), look = lookAt(image)) {
    const page = image.ownerDocument;
    const control = image.matches(CONTROLS) ? image : controlOf(image);
    return {
      role: purposeOf(image, control),
      href: destinationOf(control),
      link_text: control && shortened(readableTextOf(control) || twinTextOf(control), MAX_TITLE),
      title: shortened(image.getAttribute("title") ?? control?.getAttribute("title"), MAX_TITLE),
      caption: captionOf(image),
      nearby: nearbyOf(image),
      page_title: shortened(page.title, MAX_TITLE),
      page_language: languageOf(image),
      file_name: fileNameOf(look.showing?.url ?? ""),
      width: Math.round(look.box.width),
      height: Math.round(look.box.height),
      background: backgroundOf(image)
    };
  }
  function purposeOf(image, control) {
    const role = roleOf(image);
    if (role === "button" || role === "link") return role;
    if (image.localName === "input" || control !== null && !isLink(control)) return "button";
    return control ? "link" : "image";
  }
  function isLink(control) {
    return control.matches("a[href]:not([role]), area[href]:not([role]), [role=link]");
  }
  function hrefOf(control) {
    const href = control && "href" in control && typeof control.href === "string" ? control.href : "";
    return href === "" || href.length > MAX_HREF ? null : href;
  }
  function destinationOf(control) {
    const href = hrefOf(control);
    if (href === null || control === null) return null;
    const { origin, pathname, search } = control.ownerDocument.location;
    if (!href.startsWith(`${origin}/`)) return href;
    const path = href.slice(origin.length);
    return path.startsWith(`${pathname}${search}#`) ? null : path;
  }
  function twinTextOf(control) {
    const href = hrefOf(control);
    if (href === null) return "";
    let around = parentOf(control);
    for (let level = 0; around && level < TWIN_LEVELS && !around.matches("body, main"); level += 1) {
      const links = [.../** @type {NodeListOf<HTMLAnchorElement>} */
      around.querySelectorAll("a[href]")].slice(0, MAX_TWINS);
      const twin = links.find((link) => link !== control && link.href === href && readableTextOf(link).trim() !== "");
      if (twin) return readableTextOf(twin);
      around = parentOf(around);
    }
    return "";
  }
  function captionOf(image) {
    const figure = closest(image, "figure");
    return figure && shortened(textOf2(figure.querySelector("figcaption")), MAX_CAPTION);
  }
  function languageOf(image) {
    const language = closest(image, "[lang]:not([lang=''])")?.getAttribute("lang")?.trim();
    return language ? language.slice(0, 64) : null;
  }
  function fileNameOf(address) {
    const last = /^(?:https?|file):\/\/[^?#]*\/([^/?#]*)/.exec(address)?.[1];
    return last === void 0 ? null : shortened(decoded(last), MAX_TITLE);
  }
  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch (error) {
      if (error instanceof URIError) return text;
      throw error;
    }
  }
  function nearbyOf(image) {
    let around = image;
    for (let level = 0; level < MAX_LEVELS2 && !around.matches(BORDER); level += 1) {
      const parent = parentOf(around);
      if (!parent || parent.matches("body, html")) break;
      around = parent;
      if ((around.textContent?.trim().length ?? 0) >= NEARBY_EACH_SIDE) break;
    }
    const before = sideOf(image, around, "previousNode").reverse().join(" ");
    const after = sideOf(image, around, "nextNode").join(" ");
    const text = `${before.slice(-NEARBY_EACH_SIDE)} ${after.slice(0, NEARBY_EACH_SIDE)}`;
    return shortened(text, 2 * NEARBY_EACH_SIDE + 1);
  }
  function sideOf(image, around, step) {
    const walker = image.ownerDocument.createTreeWalker(around, 4);
    walker.currentNode = image;
    const pieces = [];
    let length = 0;
    for (let count = 0; count < MAX_NODES && length < NEARBY_EACH_SIDE; count += 1) {
      const node = walker[step]();
      if (!node) break;
      const text = (node.nodeValue ?? "").trim();
      if (text === "" || UNREAD2.has(node.parentElement?.localName ?? "")) continue;
      pieces.push(text);
      length += text.length;
    }
    return pieces;
  }
  function readableTextOf(control) {
    return hasReadableText(control) ? textOf2(control) : "";
  }
  function textOf2(element) {
    if (!element) return "";
    const walker = element.ownerDocument.createTreeWalker(element, 4);
    let text = "";
    for (let count = 0; count < MAX_NODES; count += 1) {
      const node = walker.nextNode();
      if (!node) break;
      if (!UNREAD2.has(node.parentElement?.localName ?? "")) text += ` ${node.nodeValue ?? ""}`;
    }
    return text;
  }
  function shortened(text, longest) {
    const line = (text ?? "").replace(/\s+/g, " ").trim().slice(0, longest).trim();
    return line === "" ? null : line.toWellFormed?.() ?? line;
  }

  // content/job.js
  var BELIEVED_MS = 2e3;
  function jobFor(image, priority, stirred = NaN, look = void 0) {
    const counts = { busyAnswers: 0, rewrites: 0 };
    const looked = { stirred, lookedAt: performance.now() };
    return { source: sourceOf(image, look), priority, asked: null, isOver: false, ...counts, ...looked, isBroken: false };
  }
  function end(job) {
    if (!job) return;
    job.isOver = true;
    job.asked?.cancel();
    job.asked = null;
  }
  function isFresh({ stirred: before, lookedAt }, stirred) {
    return before === stirred && performance.now() - lookedAt < BELIEVED_MS;
  }

  // content/inside.js
  function speaksInside(around, names, isOurs) {
    return partsOf(around).some((one) => {
      const root = one.namespaceURI === DRAWING ? null : names.shadowOf(one);
      if (root === null || names.isHidden(one)) return false;
      return hasReadableText(root) || hasWordsElsewhere(root, isOurs) || speaksInside(root, names, isOurs);
    });
  }
  function partsOf(around) {
    const all = [...around.nodeType === 1 ? [
      /** @type {Element} */
      around
    ] : [], ...around.querySelectorAll("*")];
    const slots = (
      /** @type {HTMLSlotElement[]} */
      all.filter(({ localName }) => localName === "slot")
    );
    const slotted = slots.flatMap((slot) => slot.assignedElements({ flatten: true }));
    return [...all, ...slotted.flatMap((one) => [one, ...one.querySelectorAll("*")])];
  }
  function hasWordsElsewhere(root, isOurs) {
    return [...root.querySelectorAll("[aria-label], [alt], [title], svg title, slot")].some((one) => {
      if (isOurs(one) || one.closest("[aria-hidden=true i]")) return false;
      const own = one.textContent ?? "";
      if (one.localName === "slot") return (
        /** @type {HTMLSlotElement} */
        one.assignedNodes().length === 0 && !SOUNDLESS.test(own)
      );
      const seen = one.localName === "title" ? one.closest("svg") : one;
      const words = one === seen ? ["aria-label", "alt", "title"].map((name) => one.getAttribute(name)) : [own];
      return words.some((said) => said?.trim()) && seen?.checkVisibility({ visibilityProperty: true }) === true;
    });
  }

  // content/judge.js
  var SPACER_PX = 3;
  var SEPARATOR = Object.freeze({ mostPx: 12, leastRatio: 12 });
  var SMALLEST_BOX_PX = 32;
  var LARGEST_BULLET_PX = 32;
  var LARGEST_AVATAR_PX = 100;
  var LONGEST_NAME = 60;
  var AVATAR = /avatar|gravatar|userpic|user-?(photo|image|icon)|profile-?(pic|photo|image)/i;
  var CLOSED = "[role=img], [role=image], [role=math], [role=meter], [role=progressbar], [role=scrollbar], [role=slider]";
  var SPEAKERS = `${CLOSED}, ${CONTROLS}`;
  var SAYS_SOMETHING = "title, desc, text, foreignObject, a, [aria-label], [aria-labelledby], [tabindex], button, input";
  function judge(picture, names, isOurs = () => false, isUseless = () => false, look = lookAt(picture)) {
    const disguise = disguiseOf(picture);
    const first = disguise === null ? "empty" : firstVerdict(picture, disguise, { look, names });
    if (disguise === null || first !== "needed") return first;
    const said = authorsVerdict(picture, isOurs);
    if (said !== "needed" && !isUseless(picture)) return said;
    if (look.showing === null) return "empty";
    if (isSpacer(picture, look)) return "spacer";
    if (names.isHidden(sightOf(picture))) return "hidden";
    if (isNamed(picture, disguise, names, isOurs) && !isUseless(picture)) return "named";
    return isSpokenFor(picture, disguise, names, isOurs, look) ? "spoken-for" : "needed";
  }
  function firstVerdict(picture, disguise, { look, names }) {
    if (disguise === "box") return boxVerdict(picture, look, names);
    return disguise === "control" && !isIconOnly(picture) ? "named" : "needed";
  }
  function authorsVerdict(picture, isOurs) {
    const ours = isOurs(picture);
    if (wordsAttribute(picture) === "alt" && !ours) {
      const alt = picture.getAttribute("alt")?.trim();
      if (alt) return "authored";
      if (alt === "" && picture.localName !== "area") return "decorative";
    }
    if (["none", "presentation"].includes(roleOf(picture))) return "decorative";
    return "needed";
  }
  function isNamed(picture, disguise, names, isOurs) {
    if (isOurs(picture)) return isLabelled(picture, wordsAttribute(picture)) || disguise === "control" && speaksInside(picture, names, isOurs);
    if (disguise === "control") return saysName(picture, names, isOurs);
    if (isLabelled(picture)) return names.of(picture) !== "";
    if (disguise === "drawing" || disguise === "canvas") return saysSomething(picture);
    return disguise === "image" && picture.localName === "input" && names.of(picture) !== "";
  }
  function saysSomething(picture) {
    if (picture.localName === "canvas") return picture.firstElementChild !== null || /\S/.test(picture.textContent ?? "");
    return [...picture.querySelectorAll(SAYS_SOMETHING)].some((one) => one.localName !== "text" || hasReadableText(one));
  }
  function isLabelled(element, except) {
    const labels = ["aria-label", "aria-labelledby", "title"].filter((name) => name !== except);
    return labels.some((name) => element.getAttribute(name)?.trim()) || isReferring(element);
  }
  function isSpokenFor(picture, disguise, names, isOurs, look) {
    const outer = parentOf(picture);
    const speaker = outer && closest(outer, SPEAKERS);
    if (speaker?.matches(CLOSED)) return true;
    if (disguise === "control" || disguise === "area") return false;
    if (speaker) return disguise !== "image" || isNamedWithout(speaker, names, isOurs);
    if (disguise === "image") return isAvatar(picture, look);
    return (disguise === "drawing" || disguise === "box") && isBullet(picture, look);
  }
  function isNamedWithout(control, names, isOurs) {
    if (hasReadableText(control)) return true;
    if (![...control.querySelectorAll("img, input")].some(isOurs)) return saysName(control, names, isOurs);
    return isLabelled(control) || speaksInside(control, names, isOurs);
  }
  function saysName(control, names, isOurs) {
    if (names.isMute(control)) return false;
    let name = flat(names.of(control));
    for (const style of control.querySelectorAll("style")) name = name.replace(flat(style.textContent ?? ""), "");
    return !SOUNDLESS.test(name) || hasTooltip(control) || mayHideName(control) || speaksInside(control, names, isOurs);
  }
  function hasTooltip(control) {
    return [...control.querySelectorAll("[title]:not(img)")].some((one) => {
      const isRead = one.checkVisibility({ visibilityProperty: true }) && !one.closest("[aria-hidden=true i]");
      return isRead && one.getAttribute("title")?.trim();
    });
  }
  function flat(text) {
    return text.replace(/\s+/g, " ").trim();
  }
  function isSpacer(picture, look) {
    const { width, height } = look.box;
    const shown = Math.min(width, height);
    const isShown2 = shown > 0;
    const sides = (
      /** @type {{naturalWidth?: number, naturalHeight?: number}} */
      /** @type {unknown} */
      picture
    );
    const natural = Math.min(sides.naturalWidth ?? 0, sides.naturalHeight ?? 0);
    if ("naturalWidth" in picture && Math.max(width, height) === 0 && natural === 0) return true;
    if (isShown2 && shown <= SPACER_PX || natural > 0 && natural <= SPACER_PX) return true;
    return isShown2 && shown <= SEPARATOR.mostPx && Math.max(width, height) / shown >= SEPARATOR.leastRatio && !controlOf(picture);
  }
  function boxVerdict(box, look, names) {
    const { width, height } = look.box;
    if (Math.min(width, height) < SMALLEST_BOX_PX) return "spacer";
    if (look.showing === null) return "empty";
    if (names.shadowOf(box) !== null) return "named";
    return isBackdrop(box) ? "decorative" : "needed";
  }
  function isBackdrop(box) {
    const parent = parentOf(box);
    if (!parent || !hasReadableText(parent)) return false;
    const inner = box.getBoundingClientRect();
    const outer = parent.getBoundingClientRect();
    return inner.width >= outer.width - 2 && inner.height >= outer.height - 2;
  }
  function isAvatar(image, look) {
    const { width, height } = look.box;
    if (Math.max(width, height) > LARGEST_AVATAR_PX || width > 1.2 * height || height > 1.2 * width) return false;
    const parent = parentOf(image);
    const told = [image.className, image.id, image.getAttribute("src") ?? "", parent?.className ?? ""].join(" ");
    return AVATAR.test(told) && isBesideWords(image, LONGEST_NAME);
  }
  function isBullet(picture, look) {
    const { width, height } = look.box;
    return Math.max(width, height) <= LARGEST_BULLET_PX && isBesideWords(picture, Infinity);
  }
  function isBesideWords(picture, longest) {
    let around = parentOf(picture);
    for (let level = 0; around && level < 2; level += 1) {
      const words = (around.textContent ?? "").trim();
      if (words !== "") return words.length <= longest && hasReadableText(around);
      around = parentOf(around);
    }
    return false;
  }

  // content/redrawn.js
  var WATCHED = ["class", "style", "d", "points", "href", "xlink:href", "src", "srcset", "poster", "value", "width", "height"];
  var REST_MS = 300;
  var RESTLESS_MS = 1e3;
  var MOST_DOUBLINGS = 10;
  function makeRedrawn(window2, { signal, onChange, onRest }) {
    const watched = /* @__PURE__ */ new WeakMap();
    const observer = new window2.MutationObserver((records) => {
      const pictures = new Set(records.map(({ target }) => pictureOf(target)));
      for (const picture of pictures) if (picture) changed(picture);
    });
    signal.addEventListener("abort", () => observer.disconnect(), { once: true });
    function pictureOf(node) {
      for (let one = node; one; one = one.parentNode) if (watched.has(
        /** @type {Element} */
        one
      )) return (
        /** @type {Element} */
        one
      );
      return null;
    }
    function changed(picture) {
      const known = watched.get(picture);
      if (!known || signal.aborted || !(onChange(picture) || known.timer)) return;
      const now = window2.performance.now();
      known.doublings = now - known.at < RESTLESS_MS ? Math.min(known.doublings + 1, MOST_DOUBLINGS) : 0;
      known.at = now;
      clearTimeout(known.timer);
      const rest = () => {
        known.timer = void 0;
        if (!signal.aborted && picture.isConnected) onRest(picture);
      };
      known.timer = setTimeout(rest, REST_MS * 2 ** known.doublings);
    }
    return {
      /** @param {Element} picture */
      isWatching: (picture) => watched.has(picture),
      /** @param {Element} picture */
      watch(picture) {
        if (watched.has(picture)) return;
        watched.set(picture, { at: -Infinity, doublings: 0, timer: void 0 });
        observer.observe(picture, { subtree: true, childList: true, characterData: true, attributeFilter: WATCHED });
      }
    };
  }

  // content/restarts.js
  var MOST = 10;
  function makeRestarts() {
    const known = /* @__PURE__ */ new WeakMap();
    return (image, source) => {
      const before = known.get(image);
      const count = before?.source === source ? before.count + 1 : 1;
      known.set(image, { source, count });
      return count > MOST;
    };
  }

  // content/hosts.js
  var SNAPSHOT = 7;
  var CUSTOM = "descendant-or-self::*[contains(local-name(.), '-')]";
  var OTHERS = ":is(article, aside, blockquote, body, div, footer, h1, h2, h3, h4, h5, h6, header, main, nav, p, section, span)";
  var LIKELY = `${OTHERS}:empty, ${OTHERS}[id]`;
  function findHosts(root) {
    const found = new Set(root.querySelectorAll(LIKELY));
    for (const slotted of root.querySelectorAll("[slot]")) if (slotted.parentElement) found.add(slotted.parentElement);
    const tops = isElement2(root) ? [root] : root.children;
    for (const top of tops) for (const element of customIn(top)) found.add(element);
    if (isElement2(root)) found.add(root);
    return [...found];
  }
  function isElement2(node) {
    return node.nodeType === 1;
  }
  function* customIn(top) {
    const result = top.ownerDocument.evaluate(CUSTOM, top, null, SNAPSHOT, null);
    for (let index = 0; index < result.snapshotLength; index += 1) {
      yield (
        /** @type {Element} */
        result.snapshotItem(index)
      );
    }
  }

  // content/watch.js
  var AT_ONCE = 300;
  var SECOND_LOOKS_MS = [500, 3e3];
  var WATCHED2 = ["src", "srcset", "alt", "role", "aria-label", "aria-labelledby", "aria-hidden", "title", "hidden", "inert"];
  function watch(page, { signal, slices, shadowRootOf, onImage, onChange, onShadow, onStyle, isOurs, isAwaited }) {
    const Observer = page.defaultView?.MutationObserver;
    if (!Observer) return;
    const roots = /* @__PURE__ */ new WeakSet();
    function enter(root) {
      if (roots.has(root)) return;
      roots.add(root);
      if (root !== page) onShadow();
      const observer = new Observer(hear);
      const characterData = root !== page;
      observer.observe(root, { childList: true, subtree: true, attributeFilter: WATCHED2, attributeOldValue: true, characterData });
      signal.addEventListener("abort", () => observer.disconnect(), { once: true });
      root.addEventListener("load", loaded, { capture: true, passive: true, signal });
      root.addEventListener("error", loaded, { capture: true, passive: true, signal });
      take(root);
      if (root !== page) speak(
        /** @type {ShadowRoot} */
        root.host
      );
    }
    function speak(host) {
      const control = isCandidate(host) ? host : controlOf(host);
      if (control && isAwaited(control)) onChange(control, "shadow");
    }
    function hear(records) {
      const added = /* @__PURE__ */ new Set();
      const compared = /* @__PURE__ */ new Map();
      const spoke = /* @__PURE__ */ new Set();
      for (const record of records) {
        if (record.type !== "attributes") spoke.add(record.target.getRootNode());
        for (const node of record.addedNodes) if (node.nodeType === 1) added.add(node);
        if (record.type === "attributes") compare(record, compared);
        else if (
          /** @type {Element} */
          record.target.localName === "picture"
        ) changedSources(record.target);
      }
      for (const root of spoke) if (root !== page && roots.has(root)) speak(
        /** @type {ShadowRoot} */
        root.host
      );
      for (const node of added) slices.add(() => node.isConnected && take(
        /** @type {Element} */
        node
      ));
    }
    function compare({ target, attributeName, oldValue }, compared) {
      const element = (
        /** @type {Element} */
        target
      );
      const attribute = attributeName ?? "";
      const names = compared.get(element) ?? /* @__PURE__ */ new Set();
      if (names.has(attribute)) return;
      const isWords = attribute === "alt" || attribute === "aria-label";
      if (!isWords) compared.set(element, names.add(attribute));
      const value = element.getAttribute(attribute);
      const mayRefer = attribute === "aria-labelledby" && value === "";
      if (isWords || mayRefer || value !== oldValue) changed(element, attribute);
    }
    function changed(element, attribute) {
      if (isCandidate(element)) onChange(element, attribute);
      else if (element.localName === "source" && element.parentNode) changedSources(element.parentNode);
      else if (attribute !== "title" && attribute !== "alt" && attribute !== "src") {
        slices.add(() => candidatesIn(element).forEach((image) => onChange(image, attribute)));
      }
    }
    function changedSources(picture) {
      for (const image of candidatesIn(
        /** @type {Element} */
        picture
      )) onChange(image, "srcset");
    }
    function loaded(event) {
      const target = (
        /** @type {Element} */
        event.target
      );
      if (target.nodeType !== 1) return;
      if (target.localName === "link" || target.localName === "style") return onStyle();
      const picture = event.type === "load" && target.getAttribute("alt") === "" ? controlOf(target) : target;
      if (!picture || event.type === "load" && !isAwaited(picture)) return;
      if (isCandidate(picture)) slices.add(() => onChange(picture, event.type));
    }
    function take(root) {
      if (root.nodeType === 1 && isOurs(
        /** @type {Element} */
        root
      )) return;
      for (const image of candidatesIn(root)) onImage(image);
      const hosts = findHosts(root);
      for (let start = 0; start < hosts.length; start += AT_ONCE) {
        slices.add(() => hosts.slice(start, start + AT_ONCE).forEach(look));
      }
    }
    function look(element) {
      if (isOurs(element)) return;
      const shadow = shadowRootOf(element);
      if (shadow) enter(shadow);
      else if (element.localName.includes("-")) lookAgain(element);
    }
    function lookAgain(element) {
      const reference = new WeakRef(element);
      for (const wait of SECOND_LOOKS_MS) {
        setTimeout(() => {
          const late = reference.deref();
          const shadow = late && !signal.aborted ? shadowRootOf(late) : null;
          if (shadow) enter(shadow);
        }, wait);
      }
    }
    enter(page);
  }

  // content/waking.js
  var PAUSE_MS = 300;
  var EVENTS = ["change", "transitionend", "animationend", "click", "keyup", "pointerover", "focusin"];
  function makeWaking(page, { signal, onAwake }) {
    const view = (
      /** @type {Window & typeof globalThis} */
      page.defaultView
    );
    const asleep = /* @__PURE__ */ new Set();
    let around = /* @__PURE__ */ new WeakSet();
    let planned = null;
    let listening = null;
    const observer = new view.MutationObserver((records) => {
      if (records.some(({ target }) => around.has(target) || around.has(target.parentNode ?? target))) plan();
    });
    function listen() {
      if (listening) return;
      listening = new view.AbortController();
      observer.observe(page, { subtree: true, attributeFilter: ["class", "style"] });
      const options = { capture: true, passive: true, signal: listening.signal };
      for (const name of EVENTS) page.addEventListener(name, plan, options);
    }
    function rest() {
      listening?.abort();
      listening = null;
      observer.disconnect();
      around = /* @__PURE__ */ new WeakSet();
    }
    function plan() {
      planned ??= view.setTimeout(look, PAUSE_MS);
    }
    function look() {
      planned = null;
      for (const image of [...asleep]) if (!image.isConnected) asleep.delete(image);
      const awake = [...asleep].filter((image) => image.checkVisibility({ visibilityProperty: true }));
      for (const image of awake) {
        asleep.delete(image);
        onAwake(image);
      }
      if (asleep.size === 0) rest();
    }
    signal.addEventListener(
      "abort",
      () => {
        asleep.clear();
        rest();
        if (planned !== null) view.clearTimeout(planned);
      },
      { once: true }
    );
    return {
      /** @param {Picture} image */
      add(image) {
        asleep.add(image);
        for (const one of lineage(image)) around.add(one);
        listen();
      },
      /** @param {Picture} image it is far away, or gone */
      remove(image) {
        if (asleep.delete(image) && asleep.size === 0) rest();
      }
    };
  }

  // content/wanted.js
  var NEAR = "300% 25%";
  var PAUSE_MS2 = 250;
  var PATIENCE_MS = 1e3;
  function makeWanted(page, { signal, onWanted, onUnwanted }) {
    const view = (
      /** @type {Window & typeof globalThis} */
      page.defaultView
    );
    const Observer = view.IntersectionObserver;
    const pause = { delay: PAUSE_MS2 };
    const near = /* @__PURE__ */ new Map();
    const parts = /* @__PURE__ */ new WeakMap();
    const observed = /* @__PURE__ */ new WeakSet();
    const nearby = new Observer(
      (entries) => {
        const soon = [];
        const { innerWidth, innerHeight } = view;
        for (const { target, isIntersecting, boundingClientRect } of entries) {
          const { top, bottom, left, right } = boundingClientRect;
          const isSeen = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
          for (const image of picturesOf(target)) {
            if (!isIntersecting) lose(image);
            else if (near.has(image)) continue;
            else if (isSeen) want(image, "visible");
            else soon.push(image);
          }
        }
        for (const image of soon) want(image, "background");
      },
      { rootMargin: NEAR, ...pause }
    );
    const inView = new Observer((entries) => {
      for (const { target, isIntersecting } of entries) {
        for (const image of picturesOf(target)) {
          const priority = near.get(image);
          if (isIntersecting && priority === "background") {
            near.set(image, "visible");
            onWanted(image, "visible");
          } else if (!isIntersecting && priority === "visible") near.set(image, "background");
        }
      }
    }, pause);
    let late = [];
    const followed = /* @__PURE__ */ new WeakSet();
    function picturesOf(sight) {
      const areas = parts.get(sight);
      return areas ? [sight, ...areas] : [sight];
    }
    function lose(image) {
      if (!near.delete(image)) return;
      unfollow(sightOf(image));
      onUnwanted(image);
    }
    function want(image, priority) {
      if (signal.aborted || !observed.has(sightOf(image))) return;
      near.set(image, priority);
      if (late.length === 0) setTimeout(followIntoView, PATIENCE_MS);
      late.push(image);
      onWanted(image, priority);
    }
    function followIntoView() {
      const sights = late.filter((image) => near.has(image)).map(sightOf);
      late = [];
      for (const sight of sights) {
        followed.add(sight);
        inView.observe(sight);
      }
    }
    function unfollow(sight) {
      if (followed.delete(sight)) inView.unobserve(sight);
    }
    function unobserve(sight) {
      if (!observed.delete(sight)) return;
      nearby.unobserve(sight);
      unfollow(sight);
    }
    page.addEventListener(
      "focusin",
      (event) => {
        if (!event.isTrusted) return;
        const target = event.composedPath()[0];
        if (!isElement3(target) || target.matches("body, html")) return;
        const image = isPicture(target) ? target : findPictures(target)[0];
        if (image) onWanted(image, "focused");
      },
      { capture: true, passive: true, signal }
    );
    signal.addEventListener(
      "abort",
      () => {
        nearby.disconnect();
        inView.disconnect();
        near.clear();
      },
      { once: true }
    );
    return {
      /** @param {Picture} image told of at once if it is in reach now */
      follow(image) {
        if (signal.aborted) return;
        const sight = sightOf(image);
        near.delete(image);
        near.delete(sight);
        if (sight !== image) parts.set(sight, (parts.get(sight) ?? /* @__PURE__ */ new Set()).add(image));
        unobserve(sight);
        observed.add(sight);
        nearby.observe(sight);
      },
      /** @param {Picture} image whatever happens to it now, it needs nothing more */
      leave(image) {
        near.delete(image);
        if (!parts.has(image)) unobserve(image);
      },
      /** @param {Picture} image whether it has been told of, and no end of it */
      isNear: (image) => near.has(image),
      /** Say again what is wanted, the most wanted first. */
      again() {
        for (
          const wanted of
          /** @type {Priority[]} */
          ["visible", "background"]
        ) {
          for (const [image, priority] of [...near]) if (priority === wanted) onWanted(image, priority);
        }
      }
    };
  }
  function isElement3(target) {
    return target !== void 0 && /** @type {Node} */
    target.nodeType === 1;
  }

  // content/wording.js
  var WITHOUT_ROLE = /* @__PURE__ */ new Set(["drawing", "canvas", "box"]);
  var LONGEST_WORDS = 1e3;
  function wording(picture, { alt, language }) {
    const words = alt?.trim().slice(0, LONGEST_WORDS) ?? "";
    if (words === "") return null;
    const attributes = { [wordsAttribute(picture)]: words };
    const needsRole = WITHOUT_ROLE.has(disguiseOf(picture) ?? "") && !picture.hasAttribute("role") && !picture.hasAttribute("tabindex");
    if (needsRole) attributes.role = "img";
    const page = languageOf(picture);
    const mayDiffer = !picture.hasAttribute("lang") && !picture.textContent?.trim();
    if (mayDiffer && page && language && primary(page) !== primary(language)) attributes.lang = language;
    return attributes;
  }
  function primary(language) {
    return language.toLowerCase().split("-")[0];
  }

  // content/fill.js
  var MAX_REWRITES = 3;
  var SHOWS_ANOTHER = /* @__PURE__ */ new Set(["src", "srcset", "load"]);
  var SETTLED = /* @__PURE__ */ new Set(["authored", "decorative", "empty", "named"]);
  var MAX_BUSY_ANSWERS = 3;
  var MAX_BUSY_SECONDS = 30;
  function makeFill(page, { signal, ledger, names, ask, slices, stirring, shadowRootOf, isOurs, isUseless, onUnreachable }) {
    const jobs = /* @__PURE__ */ new WeakMap();
    const underWay = /* @__PURE__ */ new Set();
    const isOnceTooOften = makeRestarts();
    const backgroundOf = makeBackdrop(
      /** @type {Window} */
      page.defaultView
    );
    let isPaused = false;
    const wanted = makeWanted(page, {
      signal,
      onWanted: (image, priority) => slices.add(() => consider(image, priority)),
      onUnwanted: (image) => {
        waking.remove(image);
        if (underWay.has(image)) forget(image);
      }
    });
    const waking = makeWaking(page, { signal, onAwake: follow });
    const isAwaited = (image) => jobs.has(image) || wanted.isNear(image) || redrawn.isWatching(image);
    const onStir = { onShadow: stirring.giveUp, onStyle: stirring.stir };
    watch(page, { signal, slices, shadowRootOf, isOurs, isAwaited, onImage: follow, onChange: changed, ...onStir });
    const redrawn = makeRedrawn(
      /** @type {Window & typeof globalThis} */
      page.defaultView,
      {
        signal,
        onChange(image) {
          const job = jobs.get(image);
          if (!job) return true;
          const isOther = job.source !== sourceOf(image) || verdictOn(image) !== "needed";
          if (isOther) forget(image);
          return isOther;
        },
        onRest: follow
      }
    );
    const verdictOn = (image, look = lookAt(image)) => judge(image, names, ledger.isOurs, isUseless ?? void 0, look);
    function follow(image) {
      ledger.adopt(image, wordsAttribute(image));
      if (isPartOfControl(image) || !isUseless && authorsVerdict(image, ledger.isOurs) !== "needed") wanted.leave(image);
      else wanted.follow(image);
    }
    function consider(image, priority) {
      if (isPaused || signal.aborted || !image.isConnected) return;
      const job = jobs.get(image);
      if (job) {
        if (job.asked && isMoreUrgent(priority, job.priority)) {
          job.priority = priority;
          job.asked.raise(priority);
        }
        return;
      }
      if (isLoading(image)) return;
      const look = lookAt(image);
      const verdict = verdictOn(image, look);
      if (verdict === "needed") return begin(image, jobFor(image, priority, stirring.now(), look), look);
      if ((verdict === "empty" || verdict === "spacer") && wordsAttribute(image) !== "alt") redrawn.watch(image);
      if (SETTLED.has(verdict)) wanted.leave(image);
      else if (verdict === "hidden") waking.add(image);
    }
    function begin(image, job, look) {
      const question = { image, context: contextOf(image, backgroundOf, look), priority: job.priority, detail: (
        /** @type {const} */
        "short"
      ) };
      jobs.set(image, job);
      underWay.add(image);
      slices.write(() => jobs.get(image) === job && job.asked && ledger.mark(image, MARKS.pending));
      if (wordsAttribute(image) !== "alt") redrawn.watch(image);
      job.asked = ask.about({ ...question, byUser: false }, job.source);
      const hear = ({ description, problem }) => {
        if (job.isOver || jobs.get(image) !== job) return;
        job.asked = null;
        if (description) accept(image, job, description);
        else refuse(image, job, problem);
      };
      void job.asked.answer.then((answer) => slices.add(() => hear(answer)));
    }
    function accept(image, job, description) {
      if (!isFresh(job, stirring.now()) && !isStillRight(image)) return forget(image);
      const attributes = wording(image, description);
      finish(image);
      slices.write(() => {
        if (jobs.get(image) !== job) return;
        if (attributes === null) ledger.mark(image, MARKS.silent);
        else ledger.write(image, attributes, MARKS.done);
      });
    }
    function finish(image) {
      underWay.delete(image);
      wanted.leave(image);
    }
    function refuse(image, job, problem) {
      if (problem.state === "cancelled") return forget(image);
      if (problem.state !== "connected") {
        pause();
        onUnreachable(problem);
        return;
      }
      if (problem.retryAfterSeconds !== void 0 && job.busyAnswers < MAX_BUSY_ANSWERS) {
        job.busyAnswers += 1;
        const wait = Math.min(problem.retryAfterSeconds, MAX_BUSY_SECONDS) * job.busyAnswers;
        setTimeout(() => {
          const isWaiting = () => jobs.get(image) === job && !job.isOver && image.isConnected;
          slices.add(() => isWaiting() && begin(image, job));
        }, wait * 1e3);
        return;
      }
      ledger.mark(image, MARKS.failed);
      finish(image);
    }
    function forget(image) {
      end(jobs.get(image));
      jobs.delete(image);
      underWay.delete(image);
      ledger.restore(image);
    }
    function changed(image, attribute) {
      if (signal.aborted) return;
      const job = jobs.get(image);
      if (attribute === "error") return broke(image, job);
      if (!job) return follow(image);
      if (attribute === wordsAttribute(image)) return wordsChanged(image, job);
      if (SHOWS_ANOTHER.has(attribute)) {
        if (job.source !== sourceOf(image) || attribute === "load" && job.isBroken) restart(image, job);
      } else if (!isStillRight(image)) restart(image, job);
    }
    function isStillRight(image) {
      const verdict = verdictOn(image);
      return verdict === "needed" || verdict === "hidden";
    }
    function broke(image, job) {
      if (job && job.source !== sourceOf(image)) forget(image);
      else if (job) return;
      if (isLoading(image) || /** @type {HTMLImageElement} */
      image.naturalWidth > 0) return follow(image);
      ledger.adopt(image, wordsAttribute(image));
      if (verdictOn(image) !== "needed") return;
      jobs.set(image, { ...jobFor(image, "background"), isBroken: true });
      ledger.mark(image, MARKS.failed);
      finish(image);
    }
    function restart(image, job) {
      if (isOnceTooOften(image, sourceOf(image))) return letBe(image, job);
      forget(image);
      follow(image);
    }
    function letBe(image, job) {
      end(job);
      underWay.delete(image);
      ledger.restore(image);
      job.source = sourceOf(image);
    }
    function wordsChanged(image, job) {
      const wrote = ledger.wroteTo(image);
      const now = image.getAttribute(wordsAttribute(image));
      if (now === wrote) return;
      if (wrote === null || now !== null) return restart(image, job);
      if (job.rewrites >= MAX_REWRITES) return letBe(image, job);
      job.rewrites += 1;
      ledger.write(image, { [wordsAttribute(image)]: wrote }, MARKS.done);
    }
    function pause() {
      isPaused = true;
      for (const image of [...underWay]) forget(image);
    }
    signal.addEventListener(
      "abort",
      () => {
        pause();
        ledger.restoreAll();
      },
      { once: true }
    );
    return {
      pause,
      resume() {
        isPaused = false;
        wanted.again();
      }
    };
  }

  // shared/paragraphs.js
  function paragraphsOf(description, t, { authored: authored2 = "", atLength = false } = {}) {
    const { alt, reason, text, language } = description;
    const told = alt ?? reason ?? "";
    const isLonger = text && !flat2(told).includes(flat2(text));
    const paragraphs = [
      told ? { words: told, language } : { words: t("panel_nothing") },
      // What keeps the words from saying more.
      { words: atLength && alt && reason ? reason : "", language },
      { words: authored2 && t("panel_authored", authored2) },
      { words: isLonger ? t("panel_text", text) : "" },
      ...speechLines(description.speech_error)
    ];
    return paragraphs.filter(({ words }) => words);
  }
  function speechLines(error) {
    return error ? [{ words: `${error.message} ${error.advice}`, language: error.language }] : [];
  }
  function flat2(text) {
    return text.replace(/\s+/g, " ").trim();
  }

  // content/hotkey.js
  var AGAIN_MS = 5e3;
  var SILENT_MS = 1500;
  function makeHotkey({ signal, authorsWords, replacedWords, ask, known, onOwnWords, t, now, onAnswer }) {
    let last = null;
    let asking = new AbortController();
    function count(image) {
      const isAgain = last !== null && last.image.deref() === image && now() - last.at < AGAIN_MS;
      const presses = isAgain && last ? last.presses + 1 : 1;
      last = { image: new WeakRef(image), at: now(), presses };
      return presses;
    }
    async function answerTo(question, mine) {
      const source = sourceOf(question.image);
      const { answer, cancel } = ask.about(question);
      mine.addEventListener("abort", cancel, { once: true });
      const found = await answer.finally(() => mine.removeEventListener("abort", cancel));
      if (found.description) known.learn(question.image, found, source);
      return found;
    }
    async function asked(image, detail, panel, mine, speak = true) {
      panel.show([t("panel_looking")], { say: null, copyable: false });
      const waiting = setTimeout(() => {
        if (!mine.aborted) panel.show([t("panel_looking")], { say: "status", copyable: false });
      }, SILENT_MS);
      const question = { image, context: contextOf(image), priority: (
        /** @type {const} */
        "focused"
      ), detail, byUser: true, speak };
      const answer = await answerTo(question, mine);
      clearTimeout(waiting);
      return mine.aborted || answer.problem?.state === "cancelled" ? null : answer;
    }
    function tell2(image, { description, problem }, panel, { atLength = false } = {}) {
      if (problem) {
        panel.show(wordsFor(problem, t), { say: problem.spoken === true ? null : "alert" });
        return;
      }
      const say2 = description.spoken === true ? null : "alert";
      const paragraphs = paragraphsOf(description, t, { authored: authorsWords(image) || replacedWords(image), atLength });
      panel.show(paragraphs, { say: say2, actions: actionsFor(image) });
      onAnswer();
    }
    function actionsFor(image) {
      const id = known.of(image)?.description?.id;
      return {
        ask: (question) => askAbout(image, question),
        correct: id ? (words) => correct(image, id, words) : null
      };
    }
    async function askAbout(image, question) {
      const mine = begin();
      const context = contextOf(image);
      const wanted = { image, context, priority: (
        /** @type {const} */
        "focused"
      ), detail: (
        /** @type {const} */
        "short"
      ), byUser: true };
      const reply = (
        /** @type {any} */
        await answerTo({ ...wanted, question }, mine)
      );
      if (mine.aborted || reply.problem?.state === "cancelled") return null;
      if (reply.answer) onAnswer();
      return reply;
    }
    async function correct(image, descriptionId, alt) {
      const kept = await ask.send({ type: MESSAGE.correct, descriptionId, alt });
      if (kept?.alt) onOwnWords(image, kept.alt);
      return kept ?? { problem: { state: "stopped", message: "", advice: "" } };
    }
    function toldOf({ description, problem }) {
      return problem ? wordsFor(problem, t) : paragraphsOf(description, t);
    }
    function begin() {
      asking.abort();
      asking = new AbortController();
      return AbortSignal.any([asking.signal, signal]);
    }
    async function say(words, panel) {
      const said = await ask.send({ type: MESSAGE.say, text: words, language: t("language_tag") });
      panel.show([words], { say: said?.spoken === true ? null : "alert", copyable: false });
    }
    return {
      askAbout,
      actionsFor,
      /** @returns {Picture | null} what a key was pressed for last */
      get image() {
        return (
          /** @type {Picture | undefined} */
          last?.image.deref() ?? null
        );
      },
      /**
       * All that can be said of an image, for the panel beside the page.
       *
       * @param {Picture} image
       * @returns {Promise<import("./ask.js").Answer>}
       */
      async describeAtLength(image) {
        const source = sourceOf(image);
        const wish = { context: contextOf(image), priority: (
          /** @type {const} */
          "focused"
        ), detail: (
          /** @type {const} */
          "long"
        ) };
        const answer = await answerTo({ image, ...wish, byUser: true }, begin());
        if (answer.description) onAnswer();
        else known.learn(image, answer, source);
        return answer;
      },
      /**
       * @param {Picture} image
       * @param {Panel} panel
       */
      async describe(image, panel) {
        const presses = count(image);
        if (presses > 2 && panel.isOpen && !panel.hasFocus) {
          panel.focus();
          return;
        }
        const atLength = presses > 1;
        const answer = await asked(image, atLength ? "long" : "short", panel, begin());
        if (!answer) return;
        if (last?.image.deref() === image) last.at = now();
        tell2(image, answer, panel, { atLength });
      },
      /**
       * Open the panel with a question, whether or not the image was described before.
       *
       * @param {Picture} image
       * @param {Panel} panel
       */
      question(image, panel) {
        asking.abort();
        last = { image: new WeakRef(image), at: -Infinity, presses: 0 };
        const description = known.of(image)?.description;
        const authored2 = authorsWords(image);
        const beside = authored2 || replacedWords(image);
        const paragraphs = description ? paragraphsOf(description, t, { authored: beside }) : [authored2];
        panel.show(paragraphs, { say: null, copyable: description !== void 0, actions: actionsFor(image) })?.openQuestion();
      },
      /**
       * Say an image's place among all, and what it is; what is known already is not asked for again.
       *
       * @param {{image: Picture, place: number, count: number}} step
       * @param {Panel} panel
       */
      async announce({ image, place, count: all }, panel) {
        last = { image: new WeakRef(image), at: -Infinity, presses: 0 };
        const mine = begin();
        const authored2 = authorsWords(image);
        const answer = authored2 ? null : known.of(image) ?? await asked(image, "short", panel, mine, false);
        if (mine.aborted || !answer && !authored2) return;
        const where = t("step_place", place, all);
        const paragraphs = answer ? toldOf(answer) : [authored2];
        const { words, language = null } = toldFirst(paragraphs);
        const said = await ask.send({ type: MESSAGE.say, text: `${where} ${words}`, language });
        if (mine.aborted) return;
        panel.show([where, ...paragraphs], { say: said?.spoken === true ? null : "alert", actions: actionsFor(image) });
      },
      /** There is no image. @param {string} words @param {Panel} panel */
      nothing(words, panel) {
        last = null;
        void say(words, panel);
      },
      /** The panel was closed: the next press begins anew. */
      closed() {
        last = null;
        asking.abort();
      }
    };
  }
  function toldFirst([first = ""]) {
    return typeof first === "string" ? { words: first } : first;
  }

  // content/known.js
  function makeKnown() {
    const answers = /* @__PURE__ */ new WeakMap();
    return {
      /**
       * @param {Picture} image
       * @param {Answer} answer
       * @param {string} [source] what it showed when it was asked for
       */
      learn(image, answer, source = sourceOf(image)) {
        if (answer.problem?.state === "cancelled") return;
        answers.set(image, { source, answer });
      },
      /**
       * @param {Picture} image
       * @returns {Answer | null} null when it shows something else by now
       */
      of(image) {
        const kept = answers.get(image);
        return kept?.source === sourceOf(image) ? kept.answer : null;
      }
    };
  }

  // content/frames.js
  var FRAMES = "iframe, frame, object, embed";
  var DEEPEST = 20;
  var SIGHT_MS = 300;
  function pathOf(window2) {
    let path = "";
    let one = window2;
    for (let depth = 0; one !== one.parent && depth < DEEPEST; depth += 1) {
      path = `/${placeIn(one.parent, one)}${path}`;
      one = one.parent;
    }
    return path;
  }
  function pathIn(frame2) {
    const window2 = (
      /** @type {Window} */
      frame2.ownerDocument.defaultView
    );
    const { contentWindow = null } = (
      /** @type {HTMLIFrameElement} */
      frame2
    );
    return `${pathOf(window2)}/${placeIn(window2, contentWindow)}`;
  }
  function placeIn(parent, child) {
    for (let index = 0; index < parent.length; index += 1) if (parent[index] === child) return index;
    return -1;
  }
  async function viewOf(window2) {
    const { innerWidth, innerHeight } = window2;
    if (window2 === window2.top) return { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
    const nothing = { left: 0, top: 0, right: 0, bottom: 0 };
    return new Promise((resolve) => {
      const observer = new window2.IntersectionObserver(([entry]) => {
        observer.disconnect();
        resolve(entry?.isIntersecting ? entry.intersectionRect : nothing);
      });
      observer.observe(window2.document.documentElement);
      window2.setTimeout(() => {
        observer.disconnect();
        resolve(nothing);
      }, SIGHT_MS);
    });
  }

  // content/at_hand.js
  var SMALLEST_SIDE_PX2 = 8;
  var HOLDERS = "a, button, figure, picture, label, [role=link], [role=button], [role=img], [role=figure]";
  function imageMeant(page, { shadowRootOf, hovered, activity, isEntered = true }) {
    const carried = activity.carried();
    const reached = carried && imageAtTop(carried.node, shadowRootOf);
    if (reached) return { way: "reached", image: reached, at: carried.at };
    const last = activity.last();
    function unlessLeft(image, what) {
      const focused = focusedElement(page, shadowRootOf);
      return image && [image, focused].some((one) => one && (isInView(one) || !activity.isScrolledSince(one, what))) ? image : null;
    }
    const ways = (
      /** @type {const} */
      {
        focus: () => isEntered ? unlessLeft(focusedImage(page, shadowRootOf), "focus") : null,
        selection: () => isEntered ? unlessLeft(selectedImage(page), "caret") : null,
        pointer: () => {
          const under = hovered(page, shadowRootOf);
          return under && !activity.isCarriedUnder(under) ? hoveredImage(under, shadowRootOf) : null;
        },
        activity: () => last && activeImage(last.node, shadowRootOf)
      }
    );
    for (const [way, find] of Object.entries(ways)) {
      const image = find();
      const at = { focus: activity.focusAt(), activity: last?.at ?? 0 }[way] ?? 0;
      if (image) return { way: (
        /** @type {keyof ways} */
        way
      ), image, at };
    }
    return null;
  }
  function focusedElement(page, shadowRootOf) {
    let focused = page.activeElement;
    for (let inner = focused; inner; inner = shadowRootOf(inner)?.activeElement ?? null) focused = inner;
    return focused === null || focused.matches("body, html") ? null : focused;
  }
  function focusedImage(page, shadowRootOf) {
    const focused = focusedElement(page, shadowRootOf);
    if (!focused) return null;
    const active = activeDescendantOf(focused);
    return imageIn(active ?? focused, shadowRootOf);
  }
  function activeDescendantOf(focused) {
    const root = (
      /** @type {Document | ShadowRoot} */
      focused.getRootNode()
    );
    const { ariaActiveDescendantElement = null } = (
      /** @type {{ariaActiveDescendantElement?: Element | null}} */
      focused
    );
    return ariaActiveDescendantElement ?? root.getElementById(focused.getAttribute("aria-activedescendant") ?? "");
  }
  function imageIn(element, shadowRootOf) {
    if (isPicture(element)) return element;
    const inside = allPictures(element, shadowRootOf).filter(isShown);
    const isMeant = inside.length === 1 || element.matches(HOLDERS) || element.matches(CONTROLS);
    return isMeant && inside[0] || null;
  }
  function activeImage(node, shadowRootOf) {
    const element = elementAt(node);
    const image = element && (imageIn(element, shadowRootOf) ?? closestImage(element));
    return image && isShown(image) && isInView(image) ? image : null;
  }
  function imageAtTop(scroller, shadowRootOf) {
    const isPage = scroller.nodeType === 9;
    const within = (
      /** @type {Document | Element} */
      scroller
    );
    const edge = isPage ? 0 : (
      /** @type {Element} */
      within.getBoundingClientRect().top + /** @type {Element} */
      within.clientTop
    );
    const reached = allPictures(within, shadowRootOf).filter((image) => isShown(image) && isInView(image)).map((image) => ({ image, box: image.getBoundingClientRect() })).filter(({ image, box }) => Math.abs(box.top - edge) < 1 && image.checkVisibility({ visibilityProperty: true })).filter(({ image }) => !standsStill(image, within));
    return reached.sort((one, other) => one.box.left - other.box.left)[0]?.image ?? null;
  }
  function standsStill(element, scroller) {
    const view = (
      /** @type {Window} */
      element.ownerDocument.defaultView
    );
    for (const one of lineage(element)) {
      if (one === scroller) return false;
      if (/^(fixed|sticky)$/.test(view.getComputedStyle(one).position)) return true;
    }
    return false;
  }
  function isInView(image) {
    const { innerWidth, innerHeight } = (
      /** @type {Window} */
      image.ownerDocument.defaultView
    );
    const { left, top, right, bottom } = image.getBoundingClientRect();
    return bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
  }
  function closestImage(element) {
    const holder = element.closest(HOLDERS);
    return holder && findPictures(holder).find(isShown);
  }
  function selectedImage(page) {
    const selection = page.getSelection();
    if (!selection || selection.rangeCount === 0) return null;
    const range = selection.getRangeAt(0);
    const { startContainer, startOffset, commonAncestorContainer } = range;
    if (!range.collapsed) {
      const within = elementAt(commonAncestorContainer);
      return (within && findPictures(within).find((image) => range.intersectsNode(image) && isShown(image))) ?? null;
    }
    const next = startContainer.childNodes[startOffset];
    if (next?.nodeType === 1) {
      const image = findPictures(
        /** @type {Element} */
        next
      ).find(isShown);
      if (image && !next.textContent?.trim()) return image;
    }
    const holder = elementAt(startContainer)?.closest(HOLDERS);
    return (holder && findPictures(holder).find(isShown)) ?? null;
  }
  function elementAt(node) {
    return node.nodeType === 1 ? (
      /** @type {Element} */
      node
    ) : node.parentElement;
  }
  function hoveredImage(under, shadowRootOf) {
    if (!under || under.matches(FRAMES)) return null;
    for (const one of lineage(under)) {
      if (isPicture(one)) return one;
      const inside = allPictures(one, shadowRootOf).filter(isShown);
      if (inside[0] && (inside.length === 1 || one.matches(HOLDERS))) return inside[0];
      if (inside.length > 1) return null;
      if (parentOf(one)?.matches("body, html")) return null;
    }
    return null;
  }
  function firstInView(page, { names, shadowRootOf, view }) {
    const inView = allPictures(page, shadowRootOf, (root) => [...findPictures(root), ...root.querySelectorAll(FRAMES)]).map((element) => ({ element, box: element.getBoundingClientRect() })).filter(({ box }) => box.bottom > view.top && box.right > view.left && box.top < view.bottom && box.left < view.right).filter(({ element }) => isShown(element)).sort((one, other) => inReadingOrder(one.box, other.box)).map(({ element }) => element);
    const open = inView.filter((element) => !element.matches(FRAMES) && element.getAttribute("alt") !== "");
    const image = [...open, ...inView.filter((element) => !element.matches(FRAMES))].find((one) => !names.isHidden(one));
    const isOpen = image !== void 0 && image === open[0];
    const before = isOpen ? inView.slice(0, inView.indexOf(image)) : inView;
    return [...before.filter((element) => element.matches(FRAMES)), ...image ? [image] : []];
  }
  function inReadingOrder(one, other) {
    const overlap = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    const isSameLine = overlap >= Math.min(one.height, other.height) / 2;
    return isSameLine ? one.left - other.left : one.top - other.top;
  }
  function isShown(image) {
    const { width, height } = image.getBoundingClientRect();
    return Math.min(width, height) >= SMALLEST_SIDE_PX2;
  }
  function allPictures(root, shadowRootOf, find = findPictures) {
    const own = root.nodeType === 1 ? shadowRootOf(
      /** @type {Element} */
      root
    ) : null;
    const found = [...find(root), ...own ? allPictures(own, shadowRootOf, find) : []];
    for (const host of root.querySelectorAll("*")) {
      const shadow = shadowRootOf(host);
      if (shadow) found.push(...allPictures(shadow, shadowRootOf, find));
    }
    return found;
  }
  function hoveredElement(page, shadowRootOf) {
    let root = page;
    let hovered = null;
    while (root) {
      const inner = [...root.querySelectorAll(":hover")].at(-1) ?? null;
      hovered = inner ?? hovered;
      root = inner && shadowRootOf(inner);
    }
    return hovered;
  }

  // content/focus.js
  function focusForNow(element, signal) {
    element.focus({ preventScroll: true });
    if (isFocused(element) || element.hasAttribute("tabindex") || element.matches(FRAMES)) return;
    const leaving = new AbortController();
    const restore = () => {
      leaving.abort();
      if (element.getAttribute("tabindex") === "-1") element.removeAttribute("tabindex");
    };
    element.setAttribute("tabindex", "-1");
    element.focus({ preventScroll: true });
    if (!isFocused(element)) return restore();
    element.addEventListener("blur", restore, { once: true, signal: leaving.signal });
    signal.addEventListener("abort", restore, { once: true, signal: leaving.signal });
  }
  function isFocused(element) {
    const root = (
      /** @type {Document | ShadowRoot} */
      element.getRootNode()
    );
    return root.activeElement === element;
  }

  // content/stepping.js
  var SMALLEST_SIDE_PX3 = 8;
  var FOLLOWING = 4;
  var CONTAINED = 16;
  function makeStepping(page, { signal, names, isDecorative, shadowRootOf, idOf, onScroll }) {
    let last = null;
    function all() {
      return deepPictures(page, shadowRootOf, (root) => [...findPictures(root), ...root.querySelectorAll(FRAMES)]).filter((one) => {
        const { width, height } = one.getBoundingClientRect();
        const isStop = Math.min(width, height) >= SMALLEST_SIDE_PX3 && !names.isHidden(one);
        return isStop && (one.matches(FRAMES) || !isDecorative(one));
      });
    }
    function position() {
      const focused = focusedElement(page, shadowRootOf);
      if (focused) return { node: focused, offset: 0 };
      const selection = page.getSelection();
      return selection?.anchorNode ? { node: selection.anchorNode, offset: selection.anchorOffset } : null;
    }
    function nextOf(stops, { inView, reached }) {
      if (reached && stops.includes(reached)) return stops.indexOf(reached) + 1;
      const here = position();
      const before = last?.image.deref();
      if (before && stops.includes(before) && isSame(here, last?.stood)) return stops.indexOf(before) + 1;
      if (!here) return Math.max(0, inView ? stops.indexOf(inView) : 0);
      const from = outermost(here.node.childNodes[here.offset] ?? here.node, page);
      const isOn = from.nodeType === 1 && /** @type {Element} */
      from.matches(CONTROLS);
      const beyond = stops.findIndex((stop) => {
        const relation = from.compareDocumentPosition(outermost(stop, page));
        return stop !== from && (relation & FOLLOWING) !== 0 && !(isOn && (relation & CONTAINED) !== 0);
      });
      return beyond < 0 ? stops.length : beyond;
    }
    return {
      /**
       * @param {Begin} begin
       * @returns {Outline}
       */
      outline(begin) {
        const stops = all();
        return { stops: stops.map((stop) => stop.matches(FRAMES) ? pathIn(stop) : idOf(stop)), from: nextOf(stops, begin) };
      },
      /**
       * @param {Picture} image
       * @param {{mayChange: boolean}} options whether the page may be given an attribute for a while
       */
      go(image, { mayChange }) {
        onScroll();
        image.scrollIntoView({ block: "center", behavior: "instant" });
        const target = (
          /** @type {HTMLElement} */
          controlOf(image) ?? image
        );
        target.focus?.({ preventScroll: true });
        if (!isFocused(target)) {
          leaveFrames();
          placeCaret(image);
          if (mayChange) focusForNow(
            /** @type {HTMLElement} */
            /** @type {Element} */
            image,
            signal
          );
        }
        last = { image: new WeakRef(image), stood: position() };
      }
    };
    function leaveFrames() {
      const focused = (
        /** @type {HTMLElement | null} */
        page.activeElement
      );
      if (focused?.matches(FRAMES)) focused.blur();
      if (!page.hasFocus()) page.defaultView?.focus();
    }
    function placeCaret(image) {
      const parent = image.parentNode;
      if (!parent || image.getRootNode() !== page) return;
      page.getSelection()?.collapse(parent, [...parent.childNodes].indexOf(image));
    }
  }
  function deepPictures(root, shadowRootOf, find = findPictures) {
    const groups = find(root).map((image) => ({ at: image, images: [image] }));
    for (const host of root.querySelectorAll("*")) {
      const shadow = host.getAttribute(MARK) === "panel" ? null : shadowRootOf(host);
      if (shadow) groups.push({ at: host, images: deepPictures(shadow, shadowRootOf, find) });
    }
    groups.sort((one, other) => one.at.compareDocumentPosition(other.at) & FOLLOWING ? -1 : 1);
    const found = groups.flatMap(({ images }) => images);
    return found.filter((one, index) => !one.contains(found[index + 1] ?? null));
  }
  function isSame(one, other) {
    return one?.node === other?.node && one?.offset === other?.offset;
  }
  function outermost(node, page) {
    let one = node;
    for (let root = one.getRootNode(); root !== page && "host" in root; root = one.getRootNode()) {
      one = /** @type {ShadowRoot} */
      root.host;
    }
    return one;
  }

  // content/listing.js
  var PAUSE_MS3 = 700;
  var MOST_IMAGES = 500;
  var WATCHED3 = ["src", "srcset", "alt", "role", "aria-label", "aria-hidden", "hidden", MARK];
  var UNLISTED = /* @__PURE__ */ new Set(["hidden", "empty", "spacer"]);
  function makeListing(window2, { signal, names, ledger, known, shadowRootOf, send }) {
    const page = window2.document;
    const ids = /* @__PURE__ */ new WeakMap();
    const images = /* @__PURE__ */ new Map();
    let count = 0;
    let watching = null;
    let isPlanned = false;
    function idOf(image) {
      const id = ids.get(image) ?? (count += 1);
      ids.set(image, id);
      images.set(id, new WeakRef(image));
      return id;
    }
    function list() {
      for (const [id, reference] of images) if (!reference.deref()?.isConnected) images.delete(id);
      const found = deepPictures(page, shadowRootOf, (root) => [...findPictures(root), ...root.querySelectorAll(FRAMES)]);
      const stopsOf = (one) => one.matches(FRAMES) ? [pathIn(one)] : itemOf(one);
      return found.flatMap(stopsOf).slice(0, MOST_IMAGES);
    }
    function itemOf(image) {
      const verdict = judge(image, names, ledger.isOurs);
      if (UNLISTED.has(verdict)) return [];
      const nothing = { words: "", language: "", reason: "", descriptionId: known.of(image)?.description?.id ?? "" };
      return [{ id: idOf(image), isControl: controlOf(image) !== null, ...nothing, ...stateOf(image, verdict) }];
    }
    function stateOf(image, verdict) {
      if (ledger.isOurs(image)) {
        return { state: "done", words: ledger.wroteTo(image) ?? "", language: known.of(image)?.description?.language ?? "" };
      }
      if (verdict === "decorative" || verdict === "spoken-for") return { state: verdict };
      if (verdict !== "needed") return { state: "authored", words: names.of(image) };
      return answered(known.of(image)) ?? { state: image.getAttribute(MARK) === MARKS.pending ? "pending" : "waiting" };
    }
    async function push() {
      isPlanned = false;
      if (!watching) return;
      const answer = await send({ type: MESSAGE.images, path: pathOf(window2), images: list() });
      if (!answer?.watching) stop();
    }
    function changed() {
      if (!watching || isPlanned) return;
      isPlanned = true;
      window2.setTimeout(() => void push(), PAUSE_MS3);
    }
    function stop() {
      watching?.abort();
      watching = null;
    }
    function watch2() {
      if (signal.aborted) return;
      if (!watching) {
        watching = new AbortController();
        const observer = new window2.MutationObserver(changed);
        observer.observe(page, { subtree: true, childList: true, attributeFilter: WATCHED3 });
        page.addEventListener("load", changed, { capture: true, passive: true, signal: watching.signal });
        watching.signal.addEventListener("abort", () => observer.disconnect(), { once: true });
      }
      void push();
    }
    signal.addEventListener("abort", stop, { once: true });
    return {
      idOf,
      changed,
      watch: watch2,
      /** @param {number} id @returns {Picture | null} */
      image: (id) => images.get(id)?.deref() ?? null,
      /** A frame that comes while a panel is open has not been asked yet. */
      async offer() {
        if ((await send({ type: MESSAGE.frameCame }))?.watching) watch2();
      }
    };
  }
  function answered(answer) {
    if (!answer) return null;
    const { description, problem } = answer;
    if (problem) return problem.state === "connected" ? { state: "failed", reason: `${problem.message} ${problem.advice}`.trim() } : null;
    if (description.alt === null) return { state: "silent", reason: description.reason ?? "" };
    return { state: "described", words: description.alt, language: description.language };
  }

  // content/requests.js
  var THUMBNAIL_PX = 96;
  function makeRequests({ listing, hotkey, stepping, ledger, known }) {
    function write(image, words) {
      const { language = "" } = known.of(image)?.description ?? {};
      const attributes = wording(image, { alt: words, language });
      if (attributes) ledger.write(image, attributes, MARKS.done);
      listing.changed();
      return {};
    }
    const table = {
      [MESSAGE.describeImage]: (image) => hotkey.describeAtLength(image).finally(listing.changed),
      [MESSAGE.askImage]: (image, { question }) => hotkey.askAbout(image, question),
      [MESSAGE.correctImage]: async (image, { words }) => await hotkey.actionsFor(image).correct?.(words) ?? { gone: true },
      [MESSAGE.useWords](image, { words }) {
        const description = known.of(image)?.description;
        if (description) known.learn(image, { description: { ...description, alt: words } });
        if (ledger.isOurs(image)) return write(image, words);
        listing.changed();
        return {};
      },
      [MESSAGE.addWords]: (image, { words }) => write(image, words),
      [MESSAGE.goTo](image, { mayChange }) {
        stepping.go(image, { mayChange });
        return {};
      },
      [MESSAGE.thumbnail]: thumbnail
    };
    return {
      /**
       * @param {any} message
       * @returns {unknown} an answer or the promise of one; null for what is not for us
       */
      hear(message) {
        if (message?.type === MESSAGE.watchImages) {
          listing.watch();
          return {};
        }
        if (!Object.hasOwn(table, message?.type)) return null;
        const image = listing.image(message.id);
        return image ? table[message.type]?.(image, message) : { gone: true };
      }
    };
  }
  async function thumbnail(image) {
    const shown = (
      /** @type {HTMLImageElement} */
      /** @type {Element} */
      image
    );
    const isDrawable = ["img", "canvas", "video"].includes(image.localName) && (!("complete" in shown) || shown.naturalWidth > 0);
    if (!isDrawable) return {};
    try {
      return { drawn: await drawn2(shown) };
    } catch {
      const url = shown.currentSrc || shown.src || "";
      return /^https?:/.test(url) ? { url } : {};
    }
  }
  async function drawn2(image) {
    const bitmap = await createImageBitmap(image);
    const scale = Math.min(1, THUMBNAIL_PX / Math.max(bitmap.width, bitmap.height));
    const canvas = new OffscreenCanvas(Math.max(1, bitmap.width * scale), Math.max(1, bitmap.height * scale));
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const bytes = await canvas.convertToBlob({ type: "image/webp", quality: 0.7 });
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result));
      reader.onerror = () => reject(reader.error);
      reader.readAsDataURL(bytes);
    });
  }

  // shared/forms.js
  var LONGEST_QUESTION = 200;
  var LONGEST_WORDS2 = 2e3;
  function makeQuestionForm(page, { t, ask, explain }) {
    const input = page.createElement("input");
    const { form, told } = frame(page, t("question_label"), input, [submitButton(page, t("question_send"))]);
    input.type = "text";
    input.maxLength = LONGEST_QUESTION;
    input.autocomplete = "off";
    let count = 0;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const question = input.value.trim();
      input.focus();
      if (question === "") return;
      count += 1;
      const mine = count;
      tell(told, [{ words: t("question_waiting") }], { isSpoken: false });
      const reply = await ask(question);
      if (mine !== count || !reply) return;
      const { problem, answer } = reply;
      tell(told, problem ? explain(problem) : answerLines(answer), { isSpoken: (problem ?? answer).spoken === true });
      input.select();
      bringIntoView(told, form);
    });
    return { element: form, focus: () => input.focus() };
  }
  function bringIntoView(told, holder) {
    const { activeElement } = (
      /** @type {Document | ShadowRoot} */
      told.getRootNode()
    );
    const isElsewhere = activeElement !== null && activeElement !== told.ownerDocument.body && !holder.contains(activeElement);
    if (!isElsewhere) told.scrollIntoView({ block: "nearest", behavior: "instant" });
  }
  function answerLines({ answer, language, speech_error: error }) {
    return [{ words: answer, language }, ...speechLines(error)];
  }
  function makeWordsForm(page, { t, words, keep, onKept, explain }) {
    const input = page.createElement("textarea");
    const { form, told } = frame(page, t("words_label"), input, [submitButton(page, t("words_keep"))]);
    input.rows = 3;
    input.maxLength = LONGEST_WORDS2;
    input.value = words;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const own = input.value.trim();
      if (own === "") return input.focus();
      const kept = await keep(own);
      if (kept.problem) tell(told, explain(kept.problem), { isSpoken: false });
      else onKept(kept.alt);
    });
    return { element: form, focus: () => input.focus() };
  }
  function frame(page, label, input, buttons) {
    const form = page.createElement("form");
    const labelled = page.createElement("label");
    const told = page.createElement("div");
    told.setAttribute("role", "status");
    labelled.append(label, input);
    form.append(labelled, ...buttons, told);
    return { form, told };
  }
  function submitButton(page, label) {
    const button = page.createElement("button");
    button.type = "submit";
    button.textContent = label;
    return button;
  }
  function tell(place, lines, { isSpoken }) {
    place.setAttribute("aria-live", isSpoken ? "off" : "polite");
    const paragraphs = lines.filter(({ words }) => words).map(({ words, language }) => {
      const paragraph = place.ownerDocument.createElement("p");
      paragraph.textContent = words;
      paragraph.dir = "auto";
      if (language) paragraph.lang = language;
      return paragraph;
    });
    place.replaceChildren(...paragraphs);
  }

  // content/surface.js
  var STYLE = `
  :host { all: initial !important; position: fixed !important; inset: auto 1rem 1rem auto !important;
    z-index: 2147483647 !important; display: block !important; margin: 0 !important; border: 0 !important;
    padding: 0 !important; background: none !important; max-inline-size: min(30rem, calc(100vw - 2rem)) !important; }
  [role=dialog] { font: 1rem/1.5 system-ui, sans-serif; color: #111; background: #fff; padding: 1rem;
    border: 2px solid #111; border-radius: .5rem; max-block-size: 60vh; overflow: auto; overflow-wrap: anywhere; }
  p { margin: 0 0 .75rem; white-space: pre-line; user-select: text; }
  label { display: block; margin-block-end: .5rem; }
  input, textarea { font: inherit; color: inherit; background: transparent; border: 1px solid; border-radius: .25rem;
    padding: .25rem .5rem; display: block; box-sizing: border-box; inline-size: 100%; min-block-size: 2.25rem;
    margin-block-start: .375rem; /* for the ring of the focus, below the label */ }
  form { margin-block-end: .75rem; }
  form p { margin-block: .5rem 0; }
  button { font: inherit; color: inherit; background: #eee; border: 1px solid #555; border-radius: .25rem;
    padding: .25rem .75rem; margin: 0 .5rem .25rem 0; min-block-size: 2rem; }
  :focus-visible { outline: 3px solid #0b57d0; outline-offset: 2px; }
  @media (prefers-color-scheme: dark) {
    [role=dialog] { color: #eee; background: #1c1c1c; border-color: #eee; }
    button { background: #333; border-color: #aaa; }
    :focus-visible { outline-color: #8ab4f8; }
  }`;
  var CHILDLESS = "img, video, audio, canvas, iframe, object, embed";
  var KEY_EVENTS = ["keydown", "keypress", "keyup", "beforeinput", "input", "paste", "cut", "copy"];
  function makeSurface(page, { signal, t, onClose }) {
    let open = null;
    let returnTo = null;
    function build() {
      const host = page.createElement("div");
      host.setAttribute(MARK, "panel");
      const shadow = host.attachShadow({ mode: "closed" });
      const style = page.createElement("style");
      style.textContent = STYLE;
      const box = page.createElement("div");
      box.setAttribute("role", "dialog");
      box.setAttribute("aria-label", t("panel_label"));
      box.lang = t("language_tag");
      box.tabIndex = -1;
      shadow.append(style, box);
      const closing = new AbortController();
      const listen = { capture: true, signal: AbortSignal.any([signal, closing.signal]) };
      for (const type of KEY_EVENTS) page.defaultView?.addEventListener(type, (event) => onKey(event, host), listen);
      place().append(host);
      if (typeof host.showPopover === "function") {
        host.popover = "manual";
        host.showPopover();
      }
      return { host, shadow, box, closing };
    }
    function place() {
      const dialog = [...page.querySelectorAll("dialog:modal")].at(-1);
      const full = page.fullscreenElement?.matches(CHILDLESS) ? null : page.fullscreenElement;
      return dialog ?? full ?? page.body ?? page.documentElement;
    }
    function onKey(event, host) {
      const { key, isComposing } = (
        /** @type {KeyboardEvent} */
        event
      );
      if (event.type === "keydown" && event.isTrusted && key === "Escape" && !isComposing) {
        event.preventDefault();
        event.stopImmediatePropagation();
        close();
      } else if (event.target === host) {
        event.stopImmediatePropagation();
      }
    }
    function close() {
      if (!open) return;
      const hadFocus = page.activeElement === open.host;
      open.closing.abort();
      open.host.remove();
      open = null;
      if (hadFocus && returnTo?.isConnected) focusForNow(
        /** @type {HTMLElement} */
        returnTo,
        signal
      );
      returnTo = null;
      onClose({ hadFocus });
    }
    signal.addEventListener("abort", close, { once: true });
    return {
      close,
      /** The page may have thrown it out, or opened a dialog in front of it: then another is built. */
      current() {
        if (open && open.host.isConnected && open.host.parentNode === place()) return open;
        open?.closing.abort();
        open?.host.remove();
        open = build();
        return open;
      },
      /** @param {Element} element */
      isOurs: (element) => element === open?.host,
      get isOpen() {
        return open !== null && open.host.isConnected;
      },
      get hasFocus() {
        return open !== null && page.activeElement === open.host;
      },
      /**
       * Into it, and on closing back to where the focus was.
       *
       * @param {{focus: () => void}} [inner] where exactly
       */
      enter(inner) {
        if (!open) return;
        if (page.activeElement !== open.host) returnTo = page.activeElement;
        (inner ?? open.box).focus();
      }
    };
  }

  // content/show.js
  function makePanel(page, { signal, t, onClose }) {
    const surface = makeSurface(page, { signal, t, onClose });
    const explain = (problem) => wordsFor(problem, t);
    function show(paragraphs, { say, copyable = true, actions = null, keepsFocus = true }) {
      if (signal.aborted) return null;
      const { box, shadow } = surface.current();
      const hadFocus = keepsFocus && shadow.activeElement !== null;
      const text = page.createElement("div");
      if (say) text.setAttribute("role", say);
      const told = paragraphs.map((one) => typeof one === "string" ? { words: one } : one).filter(({ words }) => words);
      const filled = told.map(paragraph);
      const space = page.createElement("div");
      const buttons = page.createElement("div");
      if (copyable) buttons.append(copyButton(told.map(({ words }) => words)));
      const openQuestion = () => {
        if (actions) openForm(space, makeQuestionForm(page, { t, ask: actions.ask, explain }));
      };
      if (actions) buttons.append(button(t("panel_ask"), openQuestion));
      if (actions?.correct) buttons.append(wordsButton(space, told[0]?.words ?? "", { ...actions, correct: actions.correct }));
      buttons.append(button(t("panel_close"), surface.close));
      box.replaceChildren(text, space, buttons);
      if (hadFocus) box.focus();
      if (say) setTimeout(() => text.append(...filled), 50);
      else text.append(...filled);
      return { openQuestion };
    }
    function paragraph({ words, language }) {
      const element = page.createElement("p");
      element.textContent = words;
      element.dir = "auto";
      if (language) element.lang = language;
      return element;
    }
    function openForm(space, form) {
      space.replaceChildren(form.element);
      surface.enter(form);
    }
    function wordsButton(space, words, actions) {
      const onKept = (own) => {
        show([own, t("words_kept")], { say: "status", actions });
      };
      return button(t("panel_own_words"), () => openForm(space, makeWordsForm(page, { t, words, keep: actions.correct, onKept, explain })));
    }
    function copyButton(lines) {
      const copying = button(t("panel_copy"), async () => {
        copying.textContent = t(await copy(lines) ? "panel_copied" : "panel_not_copied");
      });
      return copying;
    }
    async function copy(lines) {
      try {
        await page.defaultView?.navigator.clipboard.writeText(lines.join("\n"));
        return true;
      } catch {
        return false;
      }
    }
    function button(label, press) {
      const element = page.createElement("button");
      element.type = "button";
      element.textContent = label;
      element.addEventListener("click", press, { signal });
      return element;
    }
    return {
      show,
      close: surface.close,
      isOurs: surface.isOurs,
      get isOpen() {
        return surface.isOpen;
      },
      get hasFocus() {
        return surface.hasFocus;
      },
      /** Into the panel, for reading at leisure; closing goes back to where the focus was. */
      focus() {
        if (surface.isOpen && !surface.hasFocus) surface.enter();
      }
    };
  }

  // content/slices.js
  var SLICE_MS = 8;
  function makeSlices({ signal, now, later, writing = (work) => work() }) {
    let jobs = [];
    const writes = [];
    let isPlanned = false;
    function work() {
      isPlanned = false;
      const end2 = now() + SLICE_MS;
      let done = 0;
      while (done < jobs.length && !signal.aborted) {
        jobs[done]?.();
        done += 1;
        if (now() >= end2) break;
      }
      jobs = signal.aborted ? [] : jobs.slice(done);
      const due = writes.splice(0);
      if (due.length > 0) writing(() => due.forEach((write) => signal.aborted || write()));
      plan();
    }
    function plan() {
      if (isPlanned || jobs.length === 0) return;
      isPlanned = true;
      later(work);
    }
    return {
      /** @param {() => void} job short by itself */
      add(job) {
        if (signal.aborted) return;
        jobs.push(job);
        plan();
      },
      /** @param {() => void} write done at the end of the slice that is at work; short by itself */
      write(write) {
        writes.push(write);
      }
    };
  }

  // content/stirring.js
  function makeStirring(page, signal) {
    const view = (
      /** @type {Window & typeof globalThis} */
      page.defaultView
    );
    let count = 0;
    let isListening = false;
    let isBlind = false;
    const observer = new view.MutationObserver(stir);
    function stir() {
      count += 1;
      isListening = false;
      observer.disconnect();
    }
    signal.addEventListener("abort", () => observer.disconnect(), { once: true });
    return {
      /** Something has changed that is no element. */
      stir,
      /** @returns {number} the same as before when nothing has changed in the meantime */
      now() {
        if (isBlind) count += 1;
        else if (!isListening) observer.observe(page, { subtree: true, childList: true, characterData: true, attributes: true });
        isListening = true;
        return count;
      },
      /** There is something that changes unseen. */
      giveUp() {
        isBlind = true;
      },
      /** @param {() => void} change one that does not count */
      unnoticed(change) {
        if (observer.takeRecords().length > 0) stir();
        change();
        observer.takeRecords();
      }
    };
  }

  // content/survey.js
  function makeSurvey(window2, { names, shadowRootOf, stepping, idOf, imageOfPanel, ofFrame, isShowing, activity }) {
    const page = window2.document;
    function isEntered() {
      if (focusedElement(page, shadowRootOf)?.matches(FRAMES)) return false;
      return window2 === window2.top || page.hasFocus();
    }
    function meant() {
      const spokenOf = imageOfPanel();
      if (spokenOf) return { way: "focus", image: spokenOf, at: 0 };
      return imageMeant(page, { shadowRootOf, hovered: hoveredElement, activity, isEntered: isEntered() });
    }
    return async function survey({ act }) {
      const inFrame = ofFrame();
      const found = meant();
      const isSought = found === null && inFrame === null || act === "next";
      const inView = isSought ? firstInView(page, { names, shadowRootOf, view: await viewOf(window2) }) : [];
      return {
        path: pathOf(window2),
        isEntered: isEntered(),
        isShowing: isShowing(),
        isSmall: isSmall(window2),
        meant: inFrame?.id ? { way: "focus", id: inFrame.id, frameId: inFrame.frameId, at: 0 } : found && { way: found.way, id: idOf(found.image), at: found.at },
        inView: inView.map((one) => one.matches(FRAMES) ? pathIn(one) : idOf(one)),
        outline: act === "next" ? stepping.outline({ inView: inView[0] ?? null, reached: imageOfPanel() ?? (found?.way === "reached" ? found.image : null) }) : null
      };
    };
  }

  // content/useless.js
  var FILE_NAME = /^[^\s/]+\.(avif|bmp|gif|ico|jpe?g|png|svg|tiff?|webp)$/i;
  var CAMERA_NAME = /^(img|dsc|dscn|pict?|image|photo|screenshot|screen shot|unnamed|untitled|mvimg|pxl)[-_ ]*\d*([-_ ]\d+)*$/i;
  var EMPTY_WORDS = new Set(
    "image,img,photo,picture,pic,graphic,graphics,icon,logo,banner,thumbnail,placeholder,alt,alt text,null,undefined,image description,no description,bild,foto,grafik,abbildung,bild ohne titel,photographie,illustration,vignette,picto,visuel,sans titre,texte alternatif".split(",")
  );
  var REPEATED = 4;
  function isUselessAlt(image) {
    const alt = (image.getAttribute("alt") ?? "").trim();
    if (alt === "") return false;
    const low = alt.toLowerCase();
    if (EMPTY_WORDS.has(low) || FILE_NAME.test(alt) || CAMERA_NAME.test(alt) || /^[\d\s._#-]+$/.test(alt)) return true;
    return isAddress(alt, image) || isPlaceholder(alt, image);
  }
  function isAddress(alt, image) {
    if (/^(https?:)?\/\/\S+$/i.test(alt)) return true;
    const { location } = image.ownerDocument;
    return alt === location?.hostname || alt === location?.href || alt === image.getAttribute("src");
  }
  function isPlaceholder(alt, image) {
    const root = (
      /** @type {Document | ShadowRoot} */
      image.getRootNode()
    );
    const value = `="${alt.replace(/["\\]/g, "\\$&").replace(/\n/g, "\\a ")}"`;
    const alike = root.querySelectorAll?.(`img[alt${value}], img[${BESIDE}alt${value}]`) ?? [];
    return new Set([...alike].map((one) => one.getAttribute("src"))).size >= REPEATED;
  }

  // content/write.js
  var OURS = Object.freeze(["alt", "aria-label", "role", "lang"]);
  var OUR_MARKS = new Set(Object.values(MARKS));
  function makeLedger() {
    const entries = /* @__PURE__ */ new WeakMap();
    const touched = /* @__PURE__ */ new Set();
    const gone = new FinalizationRegistry((reference) => touched.delete(reference));
    function entryOf(element) {
      const known = entries.get(element);
      if (known) return known;
      const reference = new WeakRef(element);
      const entry = { before: /* @__PURE__ */ new Map(), wrote: /* @__PURE__ */ new Map(), words: null, reference };
      entries.set(element, entry);
      touched.add(reference);
      gone.register(element, reference, element);
      return entry;
    }
    function set(element, entry, name, value) {
      if (!entry.before.has(name)) entry.before.set(name, element.getAttribute(name));
      entry.wrote.set(name, value);
      put(element, name, value);
    }
    function takeBack(element, entry, name) {
      if (element.getAttribute(name) === entry.wrote.get(name)) put(element, name, entry.before.get(name) ?? null);
      entry.before.delete(name);
      entry.wrote.delete(name);
    }
    function restore(element) {
      const entry = entries.get(element);
      if (!entry) return;
      entries.delete(element);
      touched.delete(entry.reference);
      gone.unregister(element);
      for (const name of [...entry.wrote.keys()].reverse()) takeBack(element, entry, name);
    }
    return {
      restore,
      /**
       * Take our words off a copy that the page made of an image which had them, or off one from before an update of
       * the extension. They would pass for the author's for ever.
       *
       * @param {Element} element
       * @param {string} attribute that would hold its words
       */
      adopt(element, attribute) {
        const mark = element.getAttribute(MARK);
        if (entries.has(element) || !OUR_MARKS.has(mark)) return;
        if (mark === MARKS.done && !element.hasAttribute(BESIDE + attribute)) element.removeAttribute(attribute);
        for (const name of OURS) {
          const old = element.getAttribute(BESIDE + name);
          if (old === null) continue;
          put(element, name, old === "" ? null : old);
          element.removeAttribute(BESIDE + name);
        }
        element.removeAttribute(MARK);
      },
      /**
       * @param {Element} element
       * @param {string} mark
       */
      mark(element, mark) {
        set(element, entryOf(element), MARK, mark);
      },
      /**
       * @param {Element} element
       * @param {Record<string, string>} attributes the one with the words first
       * @param {string} mark
       */
      write(element, attributes, mark) {
        const entry = entryOf(element);
        const [words = null] = Object.keys(attributes);
        for (const [name, value] of Object.entries(attributes)) {
          set(element, entry, name, value);
          const old = entry.before.get(name) ?? "";
          if (name !== words || old !== "") set(element, entry, BESIDE + name, old);
        }
        entry.words = words;
        set(element, entry, MARK, mark);
      },
      /** @param {Element} element */
      isOurs(element) {
        const entry = entries.get(element);
        return entry !== void 0 && entry.words !== null && element.getAttribute(entry.words) === entry.wrote.get(entry.words);
      },
      /**
       * @param {Element} element
       * @returns {string | null} the words that we wrote there last
       */
      wroteTo(element) {
        const entry = entries.get(element);
        return entry?.words ? entry.wrote.get(entry.words) ?? null : null;
      },
      /**
       * @param {Element} element
       * @returns {string} the author's words that ours stand in place of; "" for none
       */
      replaced(element) {
        const { words = null, before } = entries.get(element) ?? {};
        return words !== null && before?.get(words) || "";
      },
      restoreAll() {
        for (const reference of [...touched]) {
          const element = reference.deref();
          if (element) restore(element);
        }
        touched.clear();
      }
    };
  }
  function put(element, name, value) {
    if (element.getAttribute(name) === value) return;
    if (value === null) element.removeAttribute(name);
    else element.setAttribute(name, value);
    if (name === "aria-label") beHeard(element);
  }
  function beHeard(element) {
    const references = element.getAttribute("aria-labelledby");
    if (!references?.trim()) return;
    element.setAttribute("aria-labelledby", `${references} `);
    element.setAttribute("aria-labelledby", references);
  }

  // content/page.js
  var FIRST_RETRY_MS = 1e3;
  var LONGEST_RETRY_MS = 4e3;
  var RETRY_GROWTH = 1.3;
  var PULSE_MS = 2e3;
  function attend(window2, { api: api2, t, computeAccessibleName: computeAccessibleName2 }) {
    const page = window2.document;
    const life = new AbortController();
    const { signal } = life;
    const names = makeNames(window2, computeAccessibleName2, { shadowOf: shadowRootOf });
    const ledger = makeLedger();
    const ask = makeAsk(window2, { api: api2, onGone: () => life.abort() });
    const panel = makePanel(page, { signal, t, onClose });
    const aloft = makeAloft({ panel, send: ask.send, t });
    const known = makeKnown();
    const hotkey = makeHotkey({
      signal,
      authorsWords: (image) => ledger.isOurs(image) ? "" : names.of(image),
      replacedWords: (image) => ledger.isOurs(image) ? ledger.replaced(image) : "",
      ask,
      known,
      onOwnWords: (image, alt) => {
        const attributes = ledger.isOurs(image) ? wording(image, { alt, language: "" }) : null;
        if (attributes) ledger.write(image, attributes, MARKS.done);
      },
      t,
      now: () => window2.performance.now(),
      onAnswer: () => resume()
    });
    const isDecorative = (image) => judge(image, names, ledger.isOurs) === "decorative";
    const listing = makeListing(window2, { signal, names, ledger, known, shadowRootOf, send: ask.send });
    const activity = makeActivity(page, { signal, now: Date.now });
    const stepping = makeStepping(page, { signal, names, isDecorative, shadowRootOf, idOf: listing.idOf, onScroll: activity.scrollsByHand });
    const current = () => hotkey.image ? listing.idOf(hotkey.image) : null;
    const beside = makeBeside(window2, { send: ask.send, current });
    const above = makeAbove(window2, { signal, send: ask.send, current, panel });
    const imageOfPanel = () => panel.hasFocus && !aloft.of ? hotkey.image : null;
    const ofFrame = () => panel.hasFocus ? aloft.of : null;
    const isShowing = () => panel.isOpen;
    const survey = makeSurvey(window2, { names, shadowRootOf, stepping, idOf: listing.idOf, imageOfPanel, ofFrame, isShowing, activity });
    const requests = makeRequests({ listing, hotkey, stepping, ledger, known });
    const noted = {
      about(question, source) {
        const asked = ask.about(question);
        void asked.answer.then((answer) => {
          known.learn(question.image, answer, source);
          listing.changed();
        });
        return asked;
      }
    };
    let filling = null;
    let isWanted = true;
    let replacesUseless = false;
    let retry;
    let retryMs = FIRST_RETRY_MS;
    function shadowRootOf(element) {
      if (typeof api2.dom?.openOrClosedShadowRoot === "function" && element instanceof window2.HTMLElement) {
        return api2.dom.openOrClosedShadowRoot(element) ?? null;
      }
      return (
        /** @type {any} */
        element.openOrClosedShadowRoot ?? element.shadowRoot
      );
    }
    function fill() {
      isWanted = true;
      if (filling || signal.aborted) return;
      const controller = new AbortController();
      const ends = AbortSignal.any([signal, controller.signal]);
      const stirring = makeStirring(page, ends);
      const slices = makeSlices({
        signal: ends,
        writing: stirring.unnoticed,
        now: () => window2.performance.now(),
        later: (work) => void window2.setTimeout(work, 0)
      });
      const isUseless = replacesUseless ? (image) => !ledger.isOurs(image) && isUselessAlt(image) : null;
      const parts = { signal: ends, ledger, names, ask: noted, slices, stirring, shadowRootOf, isOurs: panel.isOurs, isUseless };
      filling = { controller, fill: makeFill(page, { ...parts, onUnreachable }) };
    }
    function stop() {
      filling?.controller.abort();
      filling = null;
    }
    function undo() {
      isWanted = false;
      clearTimeout(retry);
      stop();
      ledger.restoreAll();
      listing.changed();
    }
    function onUnreachable(problem) {
      if (problem.state === "off") undo();
      else planRetry();
    }
    function planRetry() {
      clearTimeout(retry);
      retry = setTimeout(() => {
        if (page.visibilityState === "visible") void look();
      }, retryMs);
      retryMs = Math.min(retryMs * RETRY_GROWTH, LONGEST_RETRY_MS);
    }
    async function look() {
      if (!isWanted || signal.aborted) return;
      const answer = await ask.send({ type: MESSAGE.isReady });
      if (!isWanted || signal.aborted) return;
      const replaces = answer?.uselessAlts === true;
      if (replaces !== replacesUseless) stop();
      replacesUseless = replaces;
      if (answer?.state === "off") return undo();
      if (answer?.state !== "connected") return planRetry();
      fill();
      resume();
    }
    function resume() {
      clearTimeout(retry);
      retryMs = FIRST_RETRY_MS;
      if (filling) filling.fill.resume();
      else void look();
    }
    function hear(message) {
      switch (message?.type) {
        case MESSAGE.survey:
          return survey(message);
        case MESSAGE.atHand:
          return actAtHand(message);
        case MESSAGE.closePanel:
          above.close();
          panel.close();
          hotkey.closed();
          if (message.givesFocus) window2.focus();
          return {};
        case MESSAGE.showAbove:
          hotkey.closed();
          return aloft.show(message);
        case MESSAGE.enterAbove:
          return aloft.enter(message);
        case MESSAGE.undo:
          panel.close();
          undo();
          return {};
        case MESSAGE.fill:
          fill();
          return {};
        case MESSAGE.answers:
          ask.hear(message);
          return {};
        case MESSAGE.ready:
          resume();
          return {};
        default:
          return requests.hear(message);
      }
    }
    function onClose({ hadFocus }) {
      aloft.leave({ givesFocus: hadFocus });
      hotkey.closed();
    }
    function actAtHand({ act, mode, id, place, count, isAbove }) {
      const isPrivate = mode === "private";
      const own = isAbove ? above : panel;
      const shown = isPrivate ? beside : own;
      aloft.leave();
      const image = id === null ? null : listing.image(id);
      if (!image) hotkey.nothing(t(act === "next" ? "no_images" : "no_image_at_hand"), shown);
      else if (act === "describe") void hotkey.describe(image, shown);
      else if (act === "ask") hotkey.question(image, shown);
      else {
        stepping.go(image, { mayChange: !isPrivate });
        void hotkey.announce({ image, place, count }, shown);
      }
      return {};
    }
    function onMessage(message, sender, reply) {
      const answer = signal.aborted || sender.id !== api2.runtime.id ? null : hear(message);
      if (answer === null) return false;
      if (!(answer instanceof Promise)) reply(answer);
      else void answer.then(reply, () => reply({}));
      return answer instanceof Promise;
    }
    api2.runtime.onMessage.addListener(onMessage);
    const pulse = setInterval(() => api2.runtime?.id || life.abort(), PULSE_MS);
    window2.addEventListener("pagehide", () => filling?.fill.pause(), { signal });
    window2.addEventListener("pageshow", (event) => event.persisted && void look(), { signal });
    page.addEventListener("visibilitychange", () => page.visibilityState === "visible" && void look(), { signal });
    signal.addEventListener("abort", () => {
      clearInterval(pulse);
      undo();
      api2.runtime?.onMessage?.removeListener(onMessage);
    });
    void look();
    if (window2 !== window2.top) void listing.offer();
    return signal;
  }

  // content/main.js
  var api = (
    /** @type {any} */
    globalThis.browser ?? chrome
  );
  var world = (
    /** @type {{altaloud?: AbortSignal}} */
    globalThis
  );
  if (!world.altaloud || world.altaloud.aborted) {
    world.altaloud = attend(window, { api, t: makeTranslate(api), computeAccessibleName });
  }
})();

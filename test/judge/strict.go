package main

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
	"unicode/utf8"
)

// A strict question is asked where our engine refuses on purpose what Go prints. It is answered as any other, but what we
// claim to have seen is an error here, marked by one of these: so nobody can claim it of a template that does not do it.
var (
	errNull      = errors.New("judge: null")
	errComplaint = errors.New("judge: complaint")
	errHalf      = errors.New("judge: half a character")
	errUnsigned  = errors.New("judge: unsigned literal")
	errRecursion = errors.New("judge: recursion")
)

const printedName = "judgePrinted"

// strictFunctions print as Go's and the helpers do, except for null and for what fmt complains about.
func strictFunctions() template.FuncMap {
	functions := template.FuncMap{
		printedName:  func(value any) (any, error) { return value, nullIn(value) },
		"print":      checked(fmt.Sprint),
		"println":    checked(fmt.Sprintln),
		"html":       checked(template.HTMLEscaper),
		"js":         checked(template.JSEscaper),
		"urlquery":   checked(template.URLQueryEscaper),
		"printf":     strictPrintf,
		"slice":      strictSlice,
		"shellQuote": func(value any) (string, error) { return shellQuote(value), nullIn(value) },
		"quote":      func(values ...any) (string, error) { return quote(values...), nullInside(values) },
		"squote":     func(values ...any) (string, error) { return squote(values...), nullInside(values) },
		"join": func(separator string, list any) (string, error) {
			elements, isList := list.([]any)
			if !isList {
				elements = []any{list}
			}
			return join(separator, list), nullInside(elements)
		},
	}
	all := maps.Clone(helpers)
	maps.Copy(all, functions)
	return all
}

func checked(print func(...any) string) func(...any) (string, error) {
	return func(values ...any) (string, error) {
		// First, since the escapers change the list that they are given.
		if err := nullIn(values...); err != nil {
			return "", err
		}
		return print(values...), nil
	}
}

func strictPrintf(format string, values ...any) (string, error) {
	text := fmt.Sprintf(format, values...)
	// The bits of a float in hexadecimal are refused by us as well, though fmt has a notation for them.
	hexadecimal := strings.ContainsAny(format, "xXb") && holdsFloat(values)
	if hexadecimal || strings.Contains(text, "%!") {
		return "", errComplaint
	}
	if strings.Contains(text, "<nil>") {
		return text, nullIn(values...)
	}
	return text, nil
}

func holdsFloat(value any) bool {
	switch value := value.(type) {
	case float64:
		return true
	case []any:
		return slices.ContainsFunc(value, holdsFloat)
	case map[string]any:
		for _, element := range value {
			if holdsFloat(element) {
				return true
			}
		}
	}
	return false
}

// strictSlice is Go's, asked for by a template of its own.
func strictSlice(item any, indexes ...any) (any, error) {
	var result any
	data := map[string]any{"item": item}
	call := "{{keep (slice (.item)"
	for number, index := range indexes {
		name := fmt.Sprintf("i%d", number)
		data[name] = index
		call += " (." + name + ")"
	}
	keep := func(value any) string { result = value; return "" }
	parsed, err := template.New("slice").Funcs(template.FuncMap{"keep": keep}).Parse(call + ")}}")
	if err != nil {
		return nil, err
	}
	if err := parsed.Execute(&strings.Builder{}, data); err != nil {
		return nil, err
	}
	whole, _ := item.(string)
	if part, isText := result.(string); isText && utf8.ValidString(whole) && !utf8.ValidString(part) {
		return nil, errHalf
	}
	return result, nil
}

// nullIn tells of values that are null, or hold it.
func nullIn(values ...any) error {
	for _, value := range values {
		if value == nil {
			return errNull
		}
		if err := nullWithin(value); err != nil {
			return err
		}
	}
	return nil
}

// nullInside tells of values that hold null; those that are null are left out of what is printed.
func nullInside(values []any) error {
	for _, value := range values {
		if value == nil {
			continue
		}
		if err := nullWithin(value); err != nil {
			return err
		}
	}
	return nil
}

func nullWithin(value any) error {
	switch value := value.(type) {
	case []any:
		return nullIn(value...)
	case map[string]any:
		for _, element := range value {
			if err := nullIn(element); err != nil {
				return err
			}
		}
	}
	return nil
}

// makeStrict has every printing action checked, and finds what shows without running.
func makeStrict(parsed *template.Template) error {
	calls := map[string][]string{}
	for _, each := range parsed.Templates() {
		if each.Tree == nil || each.Root == nil {
			continue
		}
		found := walker{calls: map[string]bool{}}
		found.walk(reflect.ValueOf(each.Root))
		if found.unsigned {
			return errUnsigned
		}
		for name := range found.calls {
			calls[each.Name()] = append(calls[each.Name()], name)
		}
	}
	for name := range calls {
		if reaches(calls, name, name, map[string]bool{}) {
			return errRecursion
		}
	}
	return nil
}

func reaches(calls map[string][]string, from, to string, seen map[string]bool) bool {
	for _, next := range calls[from] {
		if next == to {
			return true
		}
		if !seen[next] {
			seen[next] = true
			if reaches(calls, next, to, seen) {
				return true
			}
		}
	}
	return false
}

type walker struct {
	calls    map[string]bool
	unsigned bool
}

// walk goes through everything that a node holds, whatever kinds of nodes Go has.
func (found *walker) walk(value reflect.Value) {
	switch value.Kind() {
	case reflect.Interface:
		if !value.IsNil() {
			found.walk(value.Elem())
		}
	case reflect.Slice:
		for index := range value.Len() {
			found.walk(value.Index(index))
		}
	case reflect.Pointer:
		// The tree's own back reference would go round for ever.
		if value.IsNil() || value.Type() == reflect.TypeFor[*parse.Tree]() {
			return
		}
		found.visit(value.Interface())
		found.walk(value.Elem())
	case reflect.Struct:
		for index := range value.NumField() {
			if value.Type().Field(index).IsExported() {
				found.walk(value.Field(index))
			}
		}
	}
}

func (found *walker) visit(node any) {
	switch node := node.(type) {
	case *parse.TemplateNode:
		found.calls[node.Name] = true
	case *parse.NumberNode:
		found.unsigned = found.unsigned || (node.IsUint && !node.IsInt)
	case *parse.ActionNode:
		if len(node.Pipe.Decl) > 0 {
			return
		}
		name := parse.NewIdentifier(printedName).SetPos(node.Pos)
		check := &parse.CommandNode{NodeType: parse.NodeCommand, Pos: node.Pos, Args: []parse.Node{name}}
		node.Pipe.Cmds = append(node.Pipe.Cmds, check)
	}
}

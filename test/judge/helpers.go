package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"text/template"
)

// helpers behave as Sprig's functions of these names (and Helm's required), for the values that JSON can hold.
var helpers = template.FuncMap{
	"default":    defaultTo,
	"required":   required,
	"quote":      quote,
	"squote":     squote,
	"shellQuote": shellQuote,
	"b64enc":     func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) },
	"upper":      strings.ToUpper,
	"lower":      strings.ToLower,
	"trim":       strings.TrimSpace,
	"replace":    func(old, replacement, text string) string { return strings.ReplaceAll(text, old, replacement) },
	"indent":     indent,
	"nindent":    func(spaces int, text string) string { return "\n" + indent(spaces, text) },
	"join":       join,
}

func defaultTo(fallback, value any) any {
	if truth, _ := template.IsTrue(value); truth {
		return value
	}
	return fallback
}

func required(message string, value any) (any, error) {
	if value == nil || value == "" {
		return nil, errors.New(message)
	}
	return value, nil
}

func quote(values ...any) string {
	return each(values, func(value any) string { return fmt.Sprintf("%q", fmt.Sprint(value)) })
}

func squote(values ...any) string {
	return each(values, func(value any) string { return fmt.Sprintf("'%v'", value) })
}

func each(values []any, apply func(any) string) string {
	var words []string
	for _, value := range values {
		if value != nil {
			words = append(words, apply(value))
		}
	}
	return strings.Join(words, " ")
}

func shellQuote(value any) string {
	return "'" + strings.ReplaceAll(fmt.Sprint(value), "'", `'\''`) + "'"
}

func indent(spaces int, text string) string {
	padding := strings.Repeat(" ", spaces)
	return padding + strings.ReplaceAll(text, "\n", "\n"+padding)
}

func join(separator string, list any) string {
	elements := []any{list}
	if reflect.ValueOf(list).Kind() == reflect.Slice {
		elements = list.([]any)
	}
	var words []string
	for _, element := range elements {
		if element != nil {
			words = append(words, fmt.Sprint(element))
		}
	}
	return strings.Join(words, separator)
}
